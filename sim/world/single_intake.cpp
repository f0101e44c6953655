#include <algorithm>

#include "intakes.hpp"
#include "user_requests.hpp"

namespace windtunnel {

namespace {

enum State : i32 { kHere = 1, kKnown = 2 };  // bits: the lane has the user, an outcome of it is known

/// Users of one row who are exposed in one step, one by one.
struct Group {
  int row = 0, arm = 0, segment = -1, day = 0, step = 0;
  Address address;                     ///< of the first user; the u-th lies at time + u
  i32 users = 0;                       ///< most of a lane
  Table<i32> state;                    ///< [user][lane]
  Table<double> value;                 ///< [user][lane] sum of the outcomes known so far
  Table<double> covariate;             ///< [user][lane]
  std::vector<Table<double>> metrics;  ///< [metric], of each [user][lane] sum so far
  UserRequests requests;               ///< known so far, where users make several
};

/// Keeps nothing of a user but what is known: whether it comes on a day and when that visit's outcome becomes
/// known is told by addressed random numbers, which can be asked again. Those of the visit on day d have the
/// generators d, those of the exposure the generators 0, at the time and row of the user.
class SingleIntake final : public Intake {
 public:
  SingleIntake(const IntakeSetting& setting, u64 first_replication, RowMeans& means)
      : setting_(setting),
        lag_(setting.climate().lag),
        first_(first_replication),
        means_(means),
        generators_(setting.seed),
        uniform_(static_cast<std::size_t>(means.lanes())),
        present_(uniform_.size()),
        reported_(uniform_.size()) {
    Channels drawn = batch_columns(setting);
    if (setting.is_binary) drawn |= {Channel::successes};
    drawn_.begin(setting.arms(), means.lanes(), drawn, setting.breadth);
    one_.begin(setting.arms(), means.lanes(), batch_columns(setting), setting.breadth);
    keeps_users_ = one_.values.rows() > 0 || one_.covariate_sum.rows() > 0 || !one_.metrics.empty() ||
                   !one_.requests.empty();
  }

  bool begin(const Step& step, Observed& observed) override {
    const int before = day_;
    if (step.day == before) return false;
    day_ = step.day;
    days_.emplace_back(step.day, step.epoch);
    if (before < 0) return false;
    for (Group& group : groups_)
      for (i32 user = 0; user < group.users; ++user) live_on(group, user, before);
    empty(observed);
    for (const Group& group : groups_)
      for (i32 user = 0; user < group.users; ++user) count(group, user, observed);
    return true;
  }

  void add(const Step& step, int stratum, const Batch& batch, const BatchSource& source,
           Observed& observed) override {
    const int lanes = means_.lanes();
    const i32 most = most_users(batch, lanes);
    if (most == 0) return;
    Group& group = groups_.emplace_back();
    group.row = setting_.row(stratum, batch.arm);
    group.arm = batch.arm;
    group.segment = setting_.segment(stratum);
    group.day = step.day;
    group.step = step.index;
    group.address = source.address;
    if (setting_.path == Path::increments) group.address.time = static_cast<u32>(step.users_before);
    group.users = most;
    group.state.assign(most, lanes);
    group.value.assign(most, lanes);
    if (setting_.wanted.has(Channel::covariate)) group.covariate.assign(most, lanes);
    group.metrics.resize(one_.metrics.size());
    for (Table<double>& metric : group.metrics) metric.assign(most, lanes);
    if (!one_.requests.empty()) group.requests.begin(most, lanes, setting_.wanted.has(Channel::values));
    for (i32 user = 0; user < most; ++user) {
      for (int l = 0; l < lanes; ++l) group.state.row(user)[l] = user < batch.users.at(l) ? kHere : 0;
      visit(group, user, {step.day, step.epoch}, step.day - 1);
      count(group, user, observed);
    }
  }

 private:
  struct Day {
    int day = 0, epoch = 0;
    Day(int d, int e) : day(d), epoch(e) {}
  };

  /// What becomes known of a user between the day `before` and today.
  void live_on(Group& group, i32 user, int before) {
    for (const Day& day : days_)
      if (day.day == group.day || (day.day > group.day && setting_.climate().return_probability > 0))
        visit(group, user, day, before);
  }

  /// Adds the outcome of a user's visit on a day where it becomes known between the day `before` and today.
  void visit(Group& group, i32 user, const Day& on, int before) {
    const bool is_exposure = on.day == group.day, is_new = is_exposure && before < on.day;
    const double never_before = lag_.survival(before - on.day), not_yet = lag_.survival(day_ - on.day);
    const bool draws_covariate = is_new && setting_.wanted.has(Channel::covariate);
    if (never_before == not_yet && !draws_covariate) return;
    const Generators& random = generators_.at(is_exposure ? 0 : on.day);
    const Address address{group.address.time + static_cast<u32>(user), group.address.row, 0};
    i32* state = group.state.row(user);
    for (std::size_t l = 0; l < present_.size(); ++l) present_[l] = state[l] & kHere;
    if (!is_exposure)
      keep_below({&random.visit, first_}, address, 0, setting_.climate().return_probability, present_);
    reported_ = present_;
    if (lag_.is_felt()) keep_below({&random.lag, first_}, address, not_yet, never_before, reported_);
    draw(group, draws_covariate ? present_ : reported_, on.epoch, random.source(first_, address));
    for (std::size_t l = 0; l < reported_.size(); ++l) state[l] |= reported_[l] * kKnown;
    if (draws_covariate) std::ranges::copy(drawn_.covariate_sum.span(group.arm), group.covariate.row(user));
    add_reported(setting_.is_binary ? drawn_.successes.row(group.arm) : nullptr,
                 drawn_.sum.rows() > 0 ? drawn_.sum.row(group.arm) : nullptr, group.value.row(user));
    for (std::size_t m = 0; m < group.metrics.size(); ++m)
      add_reported(nullptr, drawn_.metrics[m].sum.row(group.arm), group.metrics[m].row(user));
    for (std::size_t l = 0; !drawn_.requests.empty() && l < reported_.size(); ++l)
      if (reported_[l] != 0)
        group.requests.add(drawn_.requests.front(), group.arm, user, static_cast<int>(l));
  }

  /// Keeps the lanes whose uniform lies in (low, high].
  void keep_below(LaneSource source, Address address, double low, double high, std::vector<i32>& lanes) {
    sample_uniform(source, address, uniform_);
    for (std::size_t l = 0; l < lanes.size(); ++l)
      lanes[l] &= uniform_[l] > low && uniform_[l] <= high ? 1 : 0;
  }

  /// Draws one visit in the lanes that have it.
  void draw(const Group& group, const std::vector<i32>& lanes, int epoch, const BatchSource& source) {
    drawn_.clear(group.arm);
    if (std::ranges::none_of(lanes, [](i32 has) { return has != 0; })) return;
    setting_.model->add_users(
        {group.arm, means_.served(group.row), {0, lanes.data()}, means_.of(epoch, group.row)}, source,
        drawn_);
  }

  void add_reported(const i32* successes, const double* sums, double* values) const {
    for (std::size_t l = 0; l < reported_.size(); ++l) {
      const double outcome = successes != nullptr ? successes[l] : sums[l];
      values[l] += reported_[l] != 0 ? outcome : 0;
    }
  }

  void empty(Observed& observed) const {
    for_all_totals(observed, day_, [](Observed& totals, int, int) {
      for (int arm = 0; arm < totals.arms; ++arm) {
        totals.clear(arm);
        for (Observed& known : totals.known) known.clear(arm);
      }
    });
  }

  /// Counts a user, as it is known now, in all totals it belongs to.
  void count(const Group& group, i32 user, Observed& observed) {
    describe(group, user, kHere);
    Observed& all = totals_of(observed, group.segment, -1);
    all.take(group.arm, one_);
    if (!all.cohorts.empty()) totals_of(observed, group.segment, group.day).take(group.arm, one_);
    if (all.known.empty()) return;
    describe(group, user, kKnown);
    all.known.front().take(group.arm, one_);
    if (!all.cohorts.empty())
      totals_of(observed, group.segment, group.day).known.front().take(group.arm, one_);
  }

  /// The user in the lanes whose state has the bit, as totals of one.
  void describe(const Group& group, i32 user, State bit) {
    const int arm = group.arm, lanes = one_.lanes;
    const i32* __restrict state = group.state.row(user);
    const double* __restrict value = group.value.row(user);
    one_.clear(arm);
    i32* __restrict users = one_.users.row(arm);
    for (int l = 0; l < lanes; ++l) users[l] = (state[l] & bit) != 0 ? 1 : 0;
    if (one_.successes.rows() > 0) {
      i32* __restrict successes = one_.successes.row(arm);
      for (int l = 0; l < lanes; ++l) successes[l] = static_cast<i32>(value[l]);
    }
    if (one_.sum.rows() > 0) std::copy_n(value, lanes, one_.sum.row(arm));
    if (keeps_users_) keep(group, user);
    one_.keep_exposures(arm, group.step);
  }

  /// Keeps what is wanted of the user beside counts and sums, in the lanes that `one_` counts.
  void keep(const Group& group, i32 user) {
    const int arm = group.arm;
    const double* value = group.value.row(user);
    for (int l = 0; l < one_.lanes; ++l) {
      const bool counts = one_.users.row(arm)[l] != 0;
      if (counts && one_.requests.empty()) one_.keep(arm, l, value[l]);
      if (counts && !one_.requests.empty())
        group.requests.describe(user, l, group.covariate, arm, one_.requests.front());
      if (counts && one_.covariates.rows() > 0) one_.covariates.push(arm, l, group.covariate.row(user)[l]);
      if (one_.covariate_sum.rows() > 0)
        one_.covariate_sum.row(arm)[l] = counts ? group.covariate.row(user)[l] : 0;
      for (std::size_t m = 0; m < group.metrics.size(); ++m) {
        one_.metrics[m].users.row(arm)[l] = counts ? 1 : 0;
        one_.metrics[m].sum.row(arm)[l] = group.metrics[m].row(user)[l];
        if (counts) one_.metrics[m].keep(arm, l, group.metrics[m].row(user)[l]);
      }
    }
  }

  const IntakeSetting& setting_;
  const Lag lag_;
  u64 first_;
  RowMeans& means_;
  GeneratorShelf generators_;
  std::vector<Group> groups_;
  std::vector<Day> days_;  // on which users have come, until today
  int day_ = -1;
  Observed drawn_, one_;                 // of one user at a time
  bool keeps_users_ = false;             // more is wanted of users than counts and sums
  std::vector<double> uniform_;          // [lane]
  std::vector<i32> present_, reported_;  // [lane] 0 or 1
};

class SinglePlan final : public IntakePlan {
 public:
  explicit SinglePlan(const IntakeSetting& setting) : setting_(setting) {}

  std::unique_ptr<Intake> open(u64 first_replication, RowMeans& means) const override {
    return std::make_unique<SingleIntake>(setting_, first_replication, means);
  }

  std::string method() const override {
    return setting_.path == Path::users
               ? ""
               : "because users who return are told apart by the sum of their outcomes so far";
  }
  bool is_by_user() const override { return true; }

  /// Every day it is asked of every user whether there is news.
  double draws(double users) const override {
    return setting_.visits * std::max(users, setting_.model->draws(users));
  }

  double bytes_per_lane() const override {
    const double covariate = setting_.wanted.has(Channel::covariate) ? 1 : 0;
    const double requests = setting_.wanted.has(Channel::requests) ? 2.5 : 0;
    return static_cast<double>(setting_.users) *
           (sizeof(i32) + sizeof(double) * (1 + covariate + requests + setting_.breadth.metrics));
  }

 private:
  IntakeSetting setting_;
};

}  // namespace

std::unique_ptr<const IntakePlan> single_intake(const IntakeSetting& setting) {
  return std::make_unique<SinglePlan>(setting);
}

}  // namespace windtunnel

#include "windtunnel/world/batch_stream.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace windtunnel {

namespace {

void add_users(PerLane<i32> more, int lanes, i32* __restrict users) {
  const i32 shared = more.shared;
  const i32* __restrict counts = more.lanes;
  if (more.is_shared())
    for (int l = 0; l < lanes; ++l) users[l] += shared;
  else
    for (int l = 0; l < lanes; ++l) users[l] += counts[l];
}

/// Users of an arm; a single user in every lane has been spread before.
PerLane<i32> users_of(const Allocation& allocation, int arm) {
  if (allocation.kind == Allocation::Kind::shared)
    return {static_cast<i32>(allocation.shared[static_cast<std::size_t>(arm)]), nullptr};
  return {0, allocation.counts.row(arm)};
}

/// Where a block's random numbers lie.
struct Sources {
  LaneSource outcome, spread, company, membership;
  PullSource pull;

  BatchSource at(Address address) const { return {outcome, spread, company, address}; }
};

/// Adds all users of an arm with the arm's mean.
class BatchStream final : public Stream {
 public:
  BatchStream(const OutcomeModel& model, Sources sources, Path path, const Truth& truth)
      : model_(model), sources_(sources), path_(path), truth_(truth) {}

  void advance(const Step& step, const Allocation& allocation, Observed& observed) override {
    if (allocation.kind != Allocation::Kind::arm) {
      if (pulls_ != nullptr) pulls_->interrupt();
      return add_batches(step, allocation, observed);
    }
    if (step.epoch != means_.epoch) find_means(step.epoch);
    if (pulls_ != nullptr) return pulls_->add(allocation.arm.row(0), means_, observed);
    allocation.spread(observed.arms, observed.lanes, counts_);
    add_batches(step, counts_, observed);
  }

 private:
  void find_means(int epoch) {
    if (means_.epoch < 0 && path_ == Path::increments) pulls_ = model_.open_pulls(sources_.pull);
    means_.epoch = epoch;
    means_.stride = truth_.kind == Truth::Kind::shared ? 0 : 1;
    means_.arm.clear();
    for (int arm = 0; arm < truth_.arms; ++arm) means_.arm.push_back(truth_.mean.row(truth_.row(epoch, arm)));
  }

  void add_batches(const Step& step, const Allocation& allocation, Observed& observed) {
    // Increments are addressed by step, users by their place on the axis of all users.
    const i64 time = path_ == Path::increments ? step.index : step.users_before;
    for (int arm = 0; arm < observed.arms; ++arm) {
      const Batch batch = make_batch(step, allocation, arm);
      const BatchSource source = sources_.at({static_cast<u32>(time), static_cast<u32>(arm), 0});
      if (path_ == Path::increments)
        model_.add_batch(batch, source, observed);
      else
        model_.add_users(batch, source, observed);
      add_users(batch.users, observed.lanes, observed.users.row(arm));
    }
  }

  Batch make_batch(const Step& step, const Allocation& allocation, int arm) const {
    Batch batch;
    batch.arm = arm;
    batch.users = users_of(allocation, arm);
    const double* mean = truth_.mean.row(truth_.row(step.epoch, arm));
    if (truth_.kind == Truth::Kind::shared)
      batch.mean.shared = *mean;
    else
      batch.mean.lanes = mean;
    return batch;
  }

  const OutcomeModel& model_;
  Sources sources_;
  Path path_;
  const Truth& truth_;
  std::unique_ptr<Pulls> pulls_;
  Pulls::ArmMeans means_;
  Allocation counts_;
};

/// Divides the users of an arm among its strata: counts by a chain of binomials, single users by one uniform
/// each. Random numbers of stratum g of arm a lie at row g arms + a.
class StrataStream final : public Stream {
 public:
  StrataStream(const OutcomeModel& model, const Means& means, Sources sources, Path path, const Truth& truth)
      : model_(model), means_(means), sources_(sources), path_(path), truth_(truth) {
    for (int arm = 0; arm < means.arms(); ++arm) chances_.push_back(chances_of(arm));
  }

  void advance(const Step& step, const Allocation& any, Observed& observed) override {
    if (any.kind == Allocation::Kind::arm) any.spread(observed.arms, observed.lanes, counts_);
    const Allocation& allocation = any.kind == Allocation::Kind::arm ? counts_ : any;
    find_means(step.epoch, observed.lanes);
    for (int arm = 0; arm < observed.arms; ++arm)
      if (path_ == Path::increments)
        add_counts(step, users_of(allocation, arm), arm, observed);
      else
        add_one_by_one(step, users_of(allocation, arm), arm, observed);
    if (!observed.segments.empty()) observed.add_up_segments();
  }

 private:
  const std::vector<Stratum>& strata() const { return means_.climate().strata; }
  int row(int stratum, int arm) const { return stratum * means_.arms() + arm; }

  /// Share of each stratum among the users of an arm that no earlier stratum has taken.
  std::vector<double> chances_of(int arm) const {
    std::vector<double> chances;
    double left = 1;
    for (const Stratum& stratum : strata()) {
      const double share = stratum.share_of_arm[static_cast<std::size_t>(arm)];
      chances.push_back(left > 0 ? std::min(1.0, share / left) : 0);
      left -= share;
    }
    if (!chances.empty()) chances.back() = 1;  // whatever rounding left
    return chances;
  }

  /// Means of all strata in the present epoch, once per epoch.
  void find_means(int epoch, int lanes) {
    if (epoch == epoch_) return;
    epoch_ = epoch;
    mean_.reshape(static_cast<int>(strata().size()) * means_.arms(), lanes);
    const bool shared = truth_.kind == Truth::Kind::shared;
    for (int g = 0; g < static_cast<int>(strata().size()); ++g)
      for (int arm = 0; arm < means_.arms(); ++arm)
        for (int l = 0; l < lanes; ++l)
          mean_.row(row(g, arm))[l] = shared && l > 0
                                          ? mean_.row(row(g, arm))[0]
                                          : means_.of_stratum(truth_, epoch, arm, strata()[at(g)], l);
  }

  void add_counts(const Step& step, PerLane<i32> users, int arm, Observed& observed) {
    const auto lanes = static_cast<std::size_t>(observed.lanes);
    left_.resize(lanes);
    for (std::size_t l = 0; l < lanes; ++l) left_[l] = users.at(static_cast<int>(l));
    chance_.resize(lanes);
    taken_.resize(lanes);
    for (int g = 0; g < static_cast<int>(strata().size()); ++g) {
      const Address address{static_cast<u32>(step.index), static_cast<u32>(row(g, arm)), 0};
      std::ranges::fill(chance_, chances_[at(arm)][at(g)]);
      sample_binomial(sources_.membership, address, left_, chance_, taken_);
      for (std::size_t l = 0; l < lanes; ++l) left_[l] -= taken_[l];
      const Batch batch{arm, {0, taken_.data()}, {0, mean_.row(row(g, arm))}};
      Observed& into = observed.segments.empty() ? observed : observed.segments[at(strata()[at(g)].segment)];
      model_.add_batch(batch, sources_.at(address), into);
      add_users(batch.users, observed.lanes, into.users.row(arm));
    }
  }

  void add_one_by_one(const Step& step, PerLane<i32> users, int arm, Observed& observed) {
    const auto lanes = static_cast<std::size_t>(observed.lanes);
    uniform_.resize(lanes);
    one_mean_.resize(lanes);
    left_.resize(lanes);
    taken_.resize(lanes);
    i32 most = 0;
    for (std::size_t l = 0; l < lanes; ++l) {
      left_[l] = users.at(static_cast<int>(l));
      most = std::max(most, left_[l]);
    }
    for (i32 user = 0; user < most; ++user) {
      const Address address{static_cast<u32>(step.users_before + user), static_cast<u32>(arm), 0};
      sample_uniform(sources_.membership, address, uniform_);
      if (observed.segments.empty()) add_user(user, -1, arm, address, observed);
      for (int segment = 0; segment < static_cast<int>(observed.segments.size()); ++segment)
        add_user(user, segment, arm, address, observed.segments[at(segment)]);
    }
  }

  /// Adds the one user in the lanes where there is one and it belongs to the segment; -1: to any.
  void add_user(i32 user, int segment, int arm, Address address, Observed& into) {
    for (std::size_t l = 0; l < left_.size(); ++l) {
      const int g = stratum_at(arm, uniform_[l]);
      const bool belongs = segment < 0 || strata()[at(g)].segment == segment;
      taken_[l] = user < left_[l] && belongs ? 1 : 0;
      one_mean_[l] = mean_.row(row(g, arm))[l];
    }
    const Batch batch{arm, {0, taken_.data()}, {0, one_mean_.data()}};
    model_.add_users(batch, sources_.at(address), into);
    add_users(batch.users, into.lanes, into.users.row(arm));
  }

  int stratum_at(int arm, double uniform) const {
    int g = 0;
    for (; g + 1 < static_cast<int>(strata().size()); ++g) {
      const double share = strata()[at(g)].share_of_arm[at(arm)];
      if (uniform < share) break;
      uniform -= share;
    }
    return g;
  }

  static std::size_t at(int index) { return static_cast<std::size_t>(index); }

  const OutcomeModel& model_;
  const Means& means_;
  Sources sources_;
  Path path_;
  const Truth& truth_;
  std::vector<std::vector<double>> chances_;  // [arm][stratum]
  Table<double> mean_;                        // [stratum * arms + arm][lane] in the present epoch
  int epoch_ = -1;
  Allocation counts_;
  std::vector<i32> left_, taken_;                    // [lane] users
  std::vector<double> chance_, uniform_, one_mean_;  // [lane]
};

}  // namespace

BatchStreamPlan::BatchStreamPlan(std::unique_ptr<const OutcomeModel> model,
                                 std::shared_ptr<const Means> means, u64 seed, Path path,
                                 double bytes_per_lane)
    : model_(std::move(model)),
      means_(std::move(means)),
      outcome_(seed, Purpose::outcome),
      spread_(seed, Purpose::spread),
      company_(seed, Purpose::company),
      membership_(seed, Purpose::membership),
      pull_(seed, Purpose::pull),
      path_(path),
      bytes_per_lane_(bytes_per_lane) {}

std::unique_ptr<Stream> BatchStreamPlan::open(u64 first_replication, const Truth& truth) const {
  const Sources sources{{&outcome_, first_replication},
                        {&spread_, first_replication},
                        {&company_, first_replication},
                        {&membership_, first_replication},
                        {&pull_, first_replication}};
  if (means_ == nullptr) return std::make_unique<BatchStream>(*model_, sources, path_, truth);
  return std::make_unique<StrataStream>(*model_, *means_, sources, path_, truth);
}

std::string BatchStreamPlan::method() const {
  if (path_ == Path::users) return "users one by one";
  const std::string strata =
      means_ == nullptr
          ? ""
          : "users divided among " + std::to_string(means_->climate().strata.size()) + " strata, ";
  return "increments: " + strata + model_->method();
}

}  // namespace windtunnel

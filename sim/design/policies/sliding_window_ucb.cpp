#include "windtunnel/design/policies/sliding_window_ucb.hpp"

#include <algorithm>
#include <cmath>
#include <deque>

#include "leader.hpp"
#include "learner.hpp"
#include "reward_scale.hpp"
#include "value_index.hpp"

namespace windtunnel {

namespace {

/// What the users of one round added, [entry][lane]: an entry for the only arm that had one, or one for every
/// arm.
struct Round {
  i64 users_after;
  Table<i32> arm, users;
  Table<double> sums;
};

constexpr double kBytesOfEntry = 2 * sizeof(i32) + sizeof(double);

class WindowChooser final : public Chooser {
 public:
  WindowChooser(i64 window, double unit, const PolicySetting& setting, int lanes)
      : window_(window),
        unit_(unit),
        arms_(setting.arms),
        users_(arms_, lanes),
        users_seen_(arms_, lanes),
        sums_(arms_, lanes),
        sums_seen_(arms_, lanes),
        index_(arms_, lanes) {}

  void learn(const Known& known) override {
    if (known.time > 0) take_in(known);
    while (!rounds_.empty() && rounds_.front().users_after <= known.time - window_) forget_first();
    leader_.begin(known.lanes);
    for (int arm = 0; arm < arms_; ++arm) {
      double* index = index_.row(arm);
      for (int l = 0; l < known.lanes; ++l) {
        const double n = users_.row(arm)[l],
                     t = known.times() != nullptr ? known.times()[l] : static_cast<double>(known.time);
        const double seen = std::min(t, static_cast<double>(window_));
        const double divisor = n > 0 ? n : 1;
        const double bound =
            sums_.row(arm)[l] / divisor + unit_ * std::sqrt(2 * lane_log(seen > 1 ? seen : 1) / divisor);
        index[l] = n > 0 ? bound : kUnknownFirst;
      }
      leader_.challenge(arm, index);
    }
  }

  void choose(const ChoicePlace& place, i32* arm) override {
    leader_.choose(
        place, arms_, [this](int a) { return index_.row(a); }, arm);
  }
  void choose_many(const ChoicePlace& place, i32 users, Table<i32>& counts) override {
    leader_.choose_many(
        place, arms_, users, [this](int a) { return index_.row(a); }, counts);
  }

  void tell_chances(Table<double>& chance) override {
    leader_.tell_chances(
        arms_, [this](int a) { return index_.row(a); }, chance);
  }

 private:
  void take_in(const Known& known) {
    if (spare_.empty()) spare_.emplace_back();
    Round round = std::move(spare_.back());
    spare_.pop_back();
    round.users_after = known.time;
    const int entries = known.changed != nullptr ? 1 : arms_;
    for (Table<i32>* table : {&round.arm, &round.users}) table->reshape(entries, known.lanes);
    round.sums.reshape(entries, known.lanes);
    for (int entry = 0; entry < entries; ++entry) {
      if (known.changed != nullptr)
        std::copy_n(known.changed, known.lanes, round.arm.row(entry));
      else
        std::fill_n(round.arm.row(entry), known.lanes, entry);
      for (int l = 0; l < known.lanes; ++l) take_in(known, entry, l, round);
    }
    rounds_.push_back(std::move(round));
  }

  void take_in(const Known& known, int entry, int lane, Round& round) {
    const i32 arm = round.arm.row(entry)[lane];
    const i32 users = known.users(arm)[lane] - users_seen_.row(arm)[lane];
    const double all = known.binary ? known.wins(arm)[lane] : known.sums(arm)[lane];
    const double sum = all - sums_seen_.row(arm)[lane];
    round.users.row(entry)[lane] = users;
    round.sums.row(entry)[lane] = sum;
    users_.row(arm)[lane] += users;
    sums_.row(arm)[lane] += sum;
    users_seen_.row(arm)[lane] += users;
    sums_seen_.row(arm)[lane] = all;
  }

  void forget_first() {
    Round& round = rounds_.front();
    for (int entry = 0; entry < round.arm.rows(); ++entry)
      for (int l = 0; l < users_.lanes(); ++l) {
        const i32 arm = round.arm.row(entry)[l];
        users_.row(arm)[l] -= round.users.row(entry)[l];
        sums_.row(arm)[l] = users_.row(arm)[l] > 0 ? sums_.row(arm)[l] - round.sums.row(entry)[l] : 0;
      }
    spare_.push_back(std::move(round));
    rounds_.pop_front();
  }

  i64 window_;
  double unit_;
  int arms_;
  std::deque<Round> rounds_;                // of the window, the oldest first
  std::vector<Round> spare_;                // tables to be used again
  Table<i32> users_, users_seen_;           // [arm][lane] in the window, in all
  Table<double> sums_, sums_seen_, index_;  // [arm][lane]
  Leader leader_;
};

}  // namespace

void SlidingWindowUcb::describe(Fields& fields) {
  fields.integer("window", window_, {1, 100'000}, {"users it remembers", "users", About::Need::required});
  describe_reward_scale(fields, scale_);
  learning_.describe(fields);
}

Channels SlidingWindowUcb::needs(Channels offered) const {
  return reward_channels(offered);
}

std::string SlidingWindowUcb::objection(Channels, Range values) const {
  return scale_objection(scale_, values);
}

std::unique_ptr<const PolicyPlan> SlidingWindowUcb::plan(const Timeline& timeline,
                                                         const PolicySetting& setting) const {
  const bool one_by_one = setting.is_served && timeline.rounds().every == 1;
  const double entries =
      static_cast<double>(timeline.most_rounds_within(window_)) * (one_by_one ? 1 : setting.arms);
  return plan_learning(
      learning_, setting, {.users_per_arm = 1, .bytes_per_lane = kBytesOfEntry * entries},
      [window = window_, unit = scale_.value_or(1)](const PolicySetting& of_block, int lanes) {
        return std::make_unique<WindowChooser>(window, unit, of_block, lanes);
      });
}

}  // namespace windtunnel

#include "learner.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "windtunnel/core/samplers.hpp"

namespace windtunnel {

namespace {

/// What all blocks share.
struct Lesson {
  PolicySetting setting;
  i64 in_turn = 0;  // users who get the arms in turn
  bool whole_rounds = false;
  double even = 0;  // probability with which the floor allocates a user evenly
  double bytes_per_lane = 0;
  Random choice, tie;
  MakeChooser make;
};

class Learner final : public Allocator {
 public:
  Learner(const Lesson& lesson, u64 first_replication, int lanes)
      : lesson_(lesson),
        arms_(lesson.setting.arms),
        lanes_(lanes),
        place_{{&lesson.choice, first_replication}, {&lesson.tie, first_replication}},
        known_(lesson.setting),
        chooser_(lesson.make(lesson.setting, lanes)) {}

  void allocate(const Step& step, const Observed& observed, Allocation& allocation) override {
    if (step.begins_round) begin_round(step, observed, allocation);
    place_.user = static_cast<u32>(step.users_before);
    last_was_single_ = step.users() == 1;
    if (last_was_single_)
      allocate_one(step.users_before, allocation);
    else
      allocate_many(step, allocation);
    if (lesson_.setting.tells_chances) tell_chances(step, allocation.chances);
  }

 private:
  /// Chances of the round's users, in the mean where some of them get the arms in turn: not of the step's,
  /// for looks of others may cut the round.
  void tell_chances(const Step& step, Table<double>& chances) {
    const i64 users = step.round_end - round_, first = in_turn(round_, users);
    const double all = static_cast<double>(users), rest = static_cast<double>(users - first) / all;
    chances.assign(arms_, lanes_);
    if (rest > 0) chooser_->tell_chances(chances);
    for (int arm = 0; arm < arms_; ++arm) {
      const double turn = static_cast<double>(users_in_turn(arms_, arm, round_, first)) / all;
      double* chance = chances.row(arm);
      for (int l = 0; l < lanes_; ++l)
        chance[l] = turn + rest * (chance[l] + exploration_ * (1.0 / arms_ - chance[l]));
    }
  }

  void begin_round(const Step& step, const Observed& observed, const Allocation& last) {
    const bool one_more = last_was_single_ && step.users_before == round_ + 1;
    known_.even = even_share(step.users_before - round_);
    round_ = step.users_before;
    known_.update(observed, round_, one_more ? last.arm.row(0) : nullptr);
    chooser_->learn(known_);
    const double own = chooser_->exploration(round_);
    exploration_ = own + lesson_.even - own * lesson_.even;
  }

  /// Share of the users of the round so far who were allocated whatever was known.
  double even_share(i64 users) const {
    if (users == 0) return 0;
    const double turn = static_cast<double>(in_turn(round_, users)) / static_cast<double>(users);
    return turn + exploration_ - turn * exploration_;
  }

  /// Users of the step that get the arms in turn: all others follow them.
  i64 in_turn(i64 user, i64 users) const {
    if (lesson_.whole_rounds) return round_ < lesson_.in_turn ? users : 0;
    return std::clamp<i64>(lesson_.in_turn - user, 0, users);
  }

  void allocate_one(i64 user, Allocation& allocation) {
    allocation.kind = Allocation::Kind::arm;
    if (allocation.arm.lanes() != lanes_) allocation.arm.assign(1, lanes_);
    i32* arm = allocation.arm.row(0);
    if (in_turn(user, 1) == 1) {
      std::fill_n(arm, lanes_, static_cast<i32>(user % arms_));
      return;
    }
    chooser_->choose(place_, arm);
    if (exploration_ > 0) explore(arm);
  }

  /// Gives any arm to those whose coin says so. A word equal to the threshold lets the next draw decide.
  void explore(i32* __restrict arm) {
    coins_.reshape(1, lanes_);
    explored_.reshape(1, lanes_);
    draw_evenly(place_.choice, place_.user, choice_row::kExplored, arms_, explored_.row(0), lanes_);
    const Address address{place_.user, choice_row::kCoin, 0};
    place_.choice.random->fill(place_.choice.first_replication, address, coins_.span(0));
    const double scaled = std::min(exploration_ * 0x1p32, 0x1p32);
    const double whole = std::min(std::floor(scaled), 0x1p32 - 1);
    const u32 threshold = static_cast<u32>(whole);
    const u32* __restrict coin = coins_.row(0);
    const i32* __restrict other = explored_.row(0);
    const int lanes = lanes_;
    u32 ties = 0;
    for (int l = 0; l < lanes; ++l) {
      arm[l] = coin[l] < threshold ? other[l] : arm[l];
      ties |= coin[l] == threshold ? 1u : 0u;
    }
    const u64 rest = static_cast<u64>((scaled - whole) * 0x1p32);
    for (int l = 0; ties != 0 && l < lanes; ++l)
      if (coin[l] == threshold &&
          place_.choice.random->word(place_.choice.first_replication + static_cast<u64>(l),
                                     later(address, 1)) < rest)
        arm[l] = other[l];
  }

  void allocate_many(const Step& step, Allocation& allocation) {
    allocation.kind = Allocation::Kind::counts;
    allocation.counts.assign(arms_, lanes_);
    const i64 first = in_turn(step.users_before, step.users()), rest = step.users() - first;
    if (rest > 0) {
      chooser_->choose_many(place_, static_cast<i32>(rest), allocation.counts);
      if (exploration_ > 0) explore_many(allocation.counts);
    }
    for (int arm = 0; arm < arms_ && first > 0; ++arm) {
      const auto more = static_cast<i32>(users_in_turn(arms_, arm, step.users_before, first));
      i32* counts = allocation.counts.row(arm);
      for (int l = 0; l < lanes_; ++l) counts[l] += more;
    }
  }

  /// Takes from every arm the users whose coins say so, and spreads them evenly.
  void explore_many(Table<i32>& counts) {
    const auto size = static_cast<std::size_t>(lanes_);
    std::vector<double> chance(size, exploration_);
    std::vector<i32> moved(size), left(size);
    for (int arm = 0; arm < arms_; ++arm) {
      sample_binomial(place_.choice, {place_.user, choice_row::kMoved + static_cast<u32>(arm), 0},
                      counts.span(arm), chance, moved);
      for (std::size_t l = 0; l < size; ++l) {
        counts.row(arm)[l] -= moved[l];
        left[l] += moved[l];
      }
    }
    if (even_.rows() == 0) even_.assign(arms_, lanes_, 1.0 / arms_);
    split_users(place_.choice, place_.user, choice_row::kSpread, even_, left, counts);
  }

  const Lesson& lesson_;
  int arms_, lanes_;
  ChoicePlace place_;
  Known known_;
  std::unique_ptr<Chooser> chooser_;
  i64 round_ = 0;  // users that had come when the round began
  bool last_was_single_ = false;
  double exploration_ = 0;
  Table<u32> coins_;     // [0][lane]
  Table<i32> explored_;  // [0][lane]
  Table<double> even_;   // [arm][lane]
};

class LearningPlan final : public PolicyPlan {
 public:
  explicit LearningPlan(Lesson lesson) : lesson_(std::move(lesson)) {}

  std::unique_ptr<Allocator> open(u64 first_replication, int lanes) const override {
    return std::make_unique<Learner>(lesson_, first_replication, lanes);
  }
  double bytes_per_lane() const override { return lesson_.bytes_per_lane; }
  i64 users_in_turn() const override { return lesson_.in_turn; }

 private:
  Lesson lesson_;
};

}  // namespace

std::unique_ptr<const PolicyPlan> plan_learning(const Learning& learning, const PolicySetting& setting,
                                                Start start, MakeChooser make) {
  return std::make_unique<LearningPlan>(
      Lesson{setting, setting.arms * std::max(start.users_per_arm, learning.burn_in), start.whole_rounds,
             std::min(1.0, learning.floor * setting.arms), start.bytes_per_lane,
             Random(setting.seed, Purpose::allocation), Random(setting.seed, Purpose::tie), std::move(make)});
}

}  // namespace windtunnel

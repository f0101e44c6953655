#include "windtunnel/design/policies/explore_then_commit.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "leader.hpp"
#include "learner.hpp"

namespace windtunnel {

namespace {

/// Chooses once, in the first round after the exploration that begins with an arm's outcome known; until then
/// lanes go on in turn.
class CommittedChooser final : public Chooser {
 public:
  CommittedChooser(i64 in_turn, const PolicySetting& setting, int lanes)
      : in_turn_(in_turn),
        arms_(setting.arms),
        lanes_(lanes),
        mean_(arms_, lanes),
        best_(1, lanes),
        arm_(1, lanes),
        state_(static_cast<std::size_t>(lanes), State::blind) {
    leader_.begin(lanes);
  }

  void learn(const Known& known) override {
    if (known.time < in_turn_ || std::ranges::count(state_, State::committed) == lanes_) return;
    for (int arm = 0; arm < arms_; ++arm) {
      find_means(known, arm);
      leader_.challenge(arm, mean_.row(arm));
    }
    for (int l = 0; l < lanes_; ++l)
      for (int arm = 0; arm < arms_ && state_[static_cast<std::size_t>(l)] == State::blind; ++arm)
        if (known.users(arm)[l] > 0) state_[static_cast<std::size_t>(l)] = State::informed;
  }

  void choose(const ChoicePlace& place, i32* arm) override {
    commit(place);
    for (int l = 0; l < lanes_; ++l)
      arm[l] = is_committed(l) ? arm_.row(0)[l] : static_cast<i32>(place.user % static_cast<u32>(arms_));
  }

  void choose_many(const ChoicePlace& place, i32 users, Table<i32>& counts) override {
    commit(place);
    for (int l = 0; l < lanes_; ++l) {
      if (is_committed(l)) counts.row(arm_.row(0)[l])[l] += users;
      for (int arm = 0; arm < arms_ && !is_committed(l); ++arm)
        counts.row(arm)[l] += static_cast<i32>(users_in_turn(arms_, arm, place.user, users));
    }
  }

  /// Certain once it has committed itself, as it has when it is asked; in turn, arms have equal chances.
  void tell_chances(Table<double>& chance) override {
    for (int arm = 0; arm < arms_; ++arm)
      for (int l = 0; l < lanes_; ++l) {
        const double certain = arm_.row(0)[l] == arm ? 1 : 0;
        chance.row(arm)[l] = is_committed(l) ? certain : 1.0 / arms_;
      }
  }

 private:
  enum class State : char { blind, informed, committed };

  bool is_committed(int lane) const { return state_[static_cast<std::size_t>(lane)] == State::committed; }

  /// Means of the rewards that are known. An arm without any is behind all others.
  void find_means(const Known& known, int arm) {
    for (int l = 0; l < lanes_; ++l) {
      const i32 users = known.users(arm)[l];
      const double sum = known.binary ? known.wins(arm)[l] : known.sums(arm)[l];
      mean_.row(arm)[l] = users > 0 ? sum / users : -std::numeric_limits<double>::infinity();
    }
  }

  /// The place of a lane's draw among equals is that of its first user who is not in turn.
  void commit(const ChoicePlace& place) {
    if (std::ranges::count(state_, State::informed) == 0) return;
    leader_.choose(
        place, arms_, [this](int arm) { return mean_.row(arm); }, best_.row(0));
    for (int l = 0; l < lanes_; ++l) {
      if (state_[static_cast<std::size_t>(l)] != State::informed) continue;
      arm_.row(0)[l] = best_.row(0)[l];
      state_[static_cast<std::size_t>(l)] = State::committed;
    }
  }

  i64 in_turn_;
  int arms_, lanes_;
  Table<double> mean_;  // [arm][lane]
  Leader leader_;
  Table<i32> best_, arm_;     // [0][lane] the arm that leads; the arm that lanes have committed themselves to
  std::vector<State> state_;  // [lane]
};

}  // namespace

void ExploreThenCommit::describe(Fields& fields) {
  fields.integer("m", m_, {1, 1e9},
                 {"users per arm before it commits", "users per arm", About::Need::required});
  learning_.describe(fields);
}

Channels ExploreThenCommit::needs(Channels offered) const {
  return reward_channels(offered);
}

std::unique_ptr<const PolicyPlan> ExploreThenCommit::plan(const Timeline&,
                                                          const PolicySetting& setting) const {
  const i64 in_turn = setting.arms * std::max(m_, learning_.burn_in);
  return plan_learning(learning_, setting, {m_, true}, [in_turn](const PolicySetting& of_block, int lanes) {
    return std::make_unique<CommittedChooser>(in_turn, of_block, lanes);
  });
}

}  // namespace windtunnel

#include "windtunnel/design/policies/explore_then_commit.hpp"

#include <algorithm>
#include <vector>

#include "learner.hpp"
#include "value_index.hpp"

namespace windtunnel {

namespace {

/// Chooses once. The place of its draws is that of the first user who is not in turn.
class CommittedChooser final : public Chooser {
 public:
  CommittedChooser(i64 in_turn, const PolicySetting& setting, int lanes)
      : in_turn_(in_turn), means_({}, setting, lanes), arm_(static_cast<std::size_t>(lanes)) {}

  void learn(const Known& known) override {
    if (known.time >= in_turn_ && !is_committed_) means_.learn(known);
  }

  void choose(const ChoicePlace& place, i32* arm) override {
    commit(place);
    std::copy(arm_.begin(), arm_.end(), arm);
  }

  void choose_many(const ChoicePlace& place, i32 users, Table<i32>& counts) override {
    commit(place);
    for (std::size_t l = 0; l < arm_.size(); ++l) counts.row(arm_[l])[l] += users;
  }

  /// Certain: it has committed itself when it is asked.
  void tell_chances(Table<double>& chance) override {
    for (std::size_t l = 0; l < arm_.size(); ++l) chance.row(arm_[l])[static_cast<std::ptrdiff_t>(l)] = 1;
  }

 private:
  void commit(const ChoicePlace& place) {
    if (!is_committed_) means_.choose(place, arm_.data());
    is_committed_ = true;
  }

  i64 in_turn_;
  ValueIndexChooser<MeanValue> means_;
  std::vector<i32> arm_;  // [lane]
  bool is_committed_ = false;
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

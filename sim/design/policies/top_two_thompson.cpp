#include "windtunnel/design/policies/top_two_thompson.hpp"

#include <vector>

#include "best_chances.hpp"
#include "learner.hpp"
#include "share_table.hpp"

namespace windtunnel {

namespace {

/// Chances from those of being the best, p: beta p_a + (1 - beta) sum over other arms i of p_i p_a / (1 -
/// p_i).
class TopTwoChooser final : public Chooser {
 public:
  TopTwoChooser(double beta, const PolicySetting& setting, int lanes)
      : beta_(beta), chances_(setting.arms, lanes) {}

  void learn(const Known& known) override {
    const int arms = chances_.arms();
    std::vector<double> best(static_cast<std::size_t>(arms));
    for (int l = 0; l < known.lanes; ++l) {
      best_.find(known, l, best);
      for (int a = 0; a < arms; ++a) chances_.row(a)[l] = chance(best, static_cast<std::size_t>(a));
    }
    chances_.normalise();
  }

  void choose(const ChoicePlace& place, i32* arm) override { chances_.choose(place, arm); }
  void choose_many(const ChoicePlace& place, i32 users, Table<i32>& counts) override {
    chances_.choose_many(place, users, counts);
  }
  void tell_chances(Table<double>& chance) override { chances_.tell(chance); }

 private:
  double chance(const std::vector<double>& best, std::size_t arm) const {
    double second = 0;
    for (std::size_t i = 0; i < best.size(); ++i) {
      if (i == arm) continue;
      double others = 0;  // 1 - p_i without cancellation
      for (std::size_t j = 0; j < best.size(); ++j) others += j == i ? 0 : best[j];
      second += others > 0 ? best[i] * best[arm] / others : 0;
    }
    return beta_ * best[arm] + (1 - beta_) * second;
  }

  double beta_;
  BestChances best_;
  ShareTable chances_;
};

}  // namespace

void TopTwoThompson::describe(Fields& fields) {
  fields.number("beta", beta_, kOpenProbability,
                {"share of the users that get the best arm of the first draw"});
  learning_.describe(fields);
}

Channels TopTwoThompson::needs(Channels offered) const {
  return reward_channels(offered);
}

std::string TopTwoThompson::objection(Channels offered, Range) const {
  return offered.has(Channel::successes) ? "" : "is made for outcomes of 0 and 1, as bernoulli gives";
}

std::unique_ptr<const PolicyPlan> TopTwoThompson::plan(const Timeline&, const PolicySetting& setting) const {
  return plan_learning(learning_, setting, {}, [beta = beta_](const PolicySetting& of_block, int lanes) {
    return std::make_unique<TopTwoChooser>(beta, of_block, lanes);
  });
}

}  // namespace windtunnel

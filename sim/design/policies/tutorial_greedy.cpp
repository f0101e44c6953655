#include "windtunnel/design/policies/tutorial_greedy.hpp"

#include "learner.hpp"
#include "mean_index.hpp"

namespace windtunnel {

namespace {

struct TutorialForm : MeanValue {
  template <class Real>
  Real value(Real n, Real s) const {
    return s / (n + 1);
  }
  double unknown() const { return 0; }
  double exploration(i64) const { return 0; }
};

}  // namespace

void TutorialGreedy::describe(Fields& fields) {
  learning_.describe(fields);
}

Channels TutorialGreedy::needs(Channels offered) const {
  return reward_channels(offered);
}

std::unique_ptr<const PolicyPlan> TutorialGreedy::plan(const Timeline&, const PolicySetting& setting) const {
  return plan_learning(learning_, setting, {}, [](const PolicySetting& of_block, int lanes) {
    return std::make_unique<MeanIndexChooser<TutorialForm>>(TutorialForm{}, of_block, lanes);
  });
}

}  // namespace windtunnel

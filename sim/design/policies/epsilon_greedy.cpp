#include "windtunnel/design/policies/epsilon_greedy.hpp"

#include "learner.hpp"
#include "mean_index.hpp"

namespace windtunnel {

namespace {

struct EpsilonForm : MeanValue {
  double epsilon = 0;
  double exploration(i64) const { return epsilon; }
};

}  // namespace

void EpsilonGreedy::describe(Fields& fields) {
  fields.number("epsilon", epsilon_, kProbability, {"share of the users that get any arm; 0 = greedy"});
  learning_.describe(fields);
}

Channels EpsilonGreedy::needs(Channels offered) const {
  return reward_channels(offered);
}

std::unique_ptr<const PolicyPlan> EpsilonGreedy::plan(const Timeline&, const PolicySetting& setting) const {
  EpsilonForm form;
  form.epsilon = epsilon_;
  return plan_learning(learning_, setting, {1}, [form](const PolicySetting& of_block, int lanes) {
    return std::make_unique<MeanIndexChooser<EpsilonForm>>(form, of_block, lanes);
  });
}

}  // namespace windtunnel

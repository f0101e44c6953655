#include "windtunnel/design/policies/thompson.hpp"

#include "learner.hpp"
#include "thompson_many.hpp"
#include "thompson_pair.hpp"
#include "thompson_values.hpp"

namespace windtunnel {

void Thompson::describe(Fields& fields) {
  model_.describe(fields);
  learning_.describe(fields);
}

Channels Thompson::needs(Channels offered) const {
  return reward_channels(offered);
}

std::unique_ptr<const PolicyPlan> Thompson::plan(const Timeline&, const PolicySetting& setting) const {
  return plan_learning(
      learning_, setting, {},
      [model = model_](const PolicySetting& of_block, int lanes) -> std::unique_ptr<Chooser> {
        if (!of_block.binary()) return make_thompson_values(model, of_block, lanes);
        return of_block.arms == 2 ? make_thompson_pair(lanes) : make_thompson_many(of_block.arms, lanes);
      });
}

}  // namespace windtunnel

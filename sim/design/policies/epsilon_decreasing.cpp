#include "windtunnel/design/policies/epsilon_decreasing.hpp"

#include <algorithm>

#include "learner.hpp"
#include "mean_index.hpp"

namespace windtunnel {

namespace {

struct DecreasingForm : MeanValue {
  double c_k_over_d2 = 1;
  double exploration(i64 user) const { return std::min(1.0, c_k_over_d2 / static_cast<double>(user + 1)); }
};

}  // namespace

void EpsilonDecreasing::describe(Fields& fields) {
  fields.number("c", c_, kPositive, {"how much is explored", "", About::Need::required});
  fields.number("d", d_, {0, 1, Range::Ends::open_low},
                {"lower bound of the gaps between the means", "", About::Need::required});
  learning_.describe(fields);
}

Channels EpsilonDecreasing::needs(Channels offered) const {
  return reward_channels(offered);
}

std::unique_ptr<const PolicyPlan> EpsilonDecreasing::plan(const Timeline&,
                                                          const PolicySetting& setting) const {
  DecreasingForm form;
  form.c_k_over_d2 = c_ * setting.arms / (d_ * d_);
  return plan_learning(learning_, setting, {1}, [form](const PolicySetting& of_block, int lanes) {
    return std::make_unique<MeanIndexChooser<DecreasingForm>>(form, of_block, lanes);
  });
}

}  // namespace windtunnel

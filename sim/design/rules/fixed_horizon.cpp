#include "windtunnel/design/rules/fixed_horizon.hpp"

#include "windtunnel/design/threshold.hpp"

namespace windtunnel {

void FixedHorizon::describe(Fields& fields) {
  fields.number("alpha", alpha_, kOpenProbability, {"probability of rejecting when there is no effect"});
  describe_choice(fields, "alternative", alternative_, {"two_sided", "one_sided"},
                  {"one_sided: effects towards better only"});
}

std::unique_ptr<const RulePlan> FixedHorizon::plan(const Setting& setting, Correction correction,
                                                   Evidence::Law law) const {
  Thresholds thresholds;
  thresholds.alternative = alternative_;
  thresholds.ladders = {afresh(alpha_, alternative_, correction, setting)};
  thresholds.ladder_of_look.assign(setting.looks.size(), Thresholds::kAsleep);
  thresholds.ladder_of_look.back() = 0;
  return plan_thresholds(std::move(thresholds), law, alpha_, setting);
}

}  // namespace windtunnel

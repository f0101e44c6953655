#include "windtunnel/design/rules/group_sequential.hpp"

#include "windtunnel/design/planning.hpp"
#include "windtunnel/design/threshold.hpp"

namespace windtunnel {

void GroupSequential::describe(Fields& fields) {
  describe_choice(fields, "boundary", boundary_, {"pocock", "obrien_fleming"},
                  {"pocock: the same critical value at every look; obrien_fleming: high ones early", "",
                   About::Need::required});
  fields.number("alpha", alpha_, kOpenProbability,
                {"probability of rejecting at some look when there is no effect"});
  describe_choice(fields, "alternative", alternative_, {"two_sided", "one_sided"},
                  {"one_sided: effects towards better only"});
}

std::unique_ptr<const RulePlan> GroupSequential::plan(const Setting& setting, Correction correction,
                                                      Evidence::Law law) const {
  allow_none_or_bonferroni(correction, "group_sequential");
  std::vector<double> fractions;
  for (i64 users : setting.looks)
    fractions.push_back(static_cast<double>(users) / static_cast<double>(setting.looks.back()));
  const double level = level_of_one(alpha_, correction, setting.hypotheses());
  Thresholds thresholds;
  thresholds.alternative = alternative_;
  for (double c : critical_values(boundary_, fractions, level, alternative_)) {
    if (thresholds.ladders.empty() || thresholds.ladders.back() != Ladder{{c}})
      thresholds.ladders.push_back({{c}});
    thresholds.ladder_of_look.push_back(static_cast<int>(thresholds.ladders.size()) - 1);
  }
  return plan_thresholds(std::move(thresholds), law, alpha_, setting);
}

}  // namespace windtunnel

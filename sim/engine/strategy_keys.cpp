#include <algorithm>
#include <cmath>

#include "scenario_reading.hpp"

namespace windtunnel {

void describe_length(Fields& fields, i64& days, double most_days) {
  fields.integer("days", days, {1, most_days},
                 {"length of this strategy's experiment, the world's at most", "days"});
}

void describe_looks(Fields& fields, Schedule& looks) {
  fields.schedule("looks", looks, {"when somebody looks; the end is always the last look"});
}

void describe_correction(Fields& fields, Correction& correction) {
  int index = static_cast<int>(correction);
  fields.choice("correction", index, kCorrectionNames, {"how alpha is shared among several hypotheses"});
  correction = static_cast<Correction>(index);
}

void describe_margin(Fields& fields, std::optional<Lift>& margin) {
  fields.lift("margin", margin, {},
              {"null hypothesis: effect <= margin, in units of what the test estimates"});
}

void describe_baseline(Fields& fields, std::optional<double>& baseline) {
  fields.number("baseline", baseline, {},
                {"mean of control that the team plans with; relative values are times it"});
}

std::string margin_objection(const Lift& margin, const Estimand& estimand) {
  if (estimand.is_of_outcomes()) return "";
  if (margin.scale == Lift::Scale::relative)
    return "is times a baseline, but this test estimates a share of pairs of users, which has none (needs "
           "\"absolute\")";
  const auto is_beyond = [](const Distribution& law) {
    return std::fabs(law.value) >= Estimand::kLargestShare;
  };
  if (std::ranges::any_of(margin.values, is_beyond) ||
      std::ranges::any_of(margin.by_name, [&](const auto& named) { return is_beyond(named.second); }))
    return "is no share of pairs of users beyond one half (needs -0.5 < margin < 0.5)";
  return "";
}

}  // namespace windtunnel

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
  fields.lift("margin", margin, {}, {"null hypothesis: lasting effect <= margin"});
}

void describe_baseline(Fields& fields, std::optional<double>& baseline) {
  fields.number("baseline", baseline, {},
                {"mean of control that the team plans with; relative values are times it"});
}

}  // namespace windtunnel

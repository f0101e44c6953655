#include "windtunnel/design/planning.hpp"

#include <cmath>
#include <string>

#include "windtunnel/core/error.hpp"

namespace windtunnel {

void allow_none_or_bonferroni(Correction correction, const char* rule) {
  if (correction == Correction::dunnett || correction == Correction::holm)
    throw InputError("/correction", std::string(kCorrectionNames[static_cast<int>(correction)]) +
                                        " corrects tests that are made afresh at each look, which " + rule +
                                        " does not make (needs none or bonferroni)");
}

void allow_no_correction(Correction correction, const char* rule) {
  if (correction != Correction::none)
    throw InputError("/correction", std::string(rule) + " has no level that " +
                                        kCorrectionNames[static_cast<int>(correction)] +
                                        " could correct (needs none)");
}

double level_of_one(double alpha, Correction correction, int hypotheses) {
  return correction == Correction::bonferroni ? alpha / hypotheses : alpha;
}

void PlannedEffect::describe_baseline(Fields& fields) {
  fields.number("baseline", baseline, {},
                {"mean the team expects of control; relative sizes are multiples of it", "outcome"});
}

void PlannedEffect::check(Fields& fields, const char* key, const std::optional<Lift>& lift) const {
  if (!lift) return;
  if (!lift->is_one_number())
    fields.refuse(key, "is not one number for all treatments, which planning needs");
  else if (lift->scale == Lift::Scale::relative && !baseline)
    fields.refuse(key, "is relative, so the strategy needs a baseline that it is a multiple of");
  else if (size(*lift) == 0)
    fields.refuse(key, "is 0, but planning needs an effect other than 0");
}

double PlannedEffect::size(const Lift& lift) const {
  return std::fabs(lift.absolute(baseline.value_or(0)));
}

}  // namespace windtunnel

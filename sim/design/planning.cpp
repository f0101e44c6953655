#include "windtunnel/design/planning.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "windtunnel/core/error.hpp"
#include "windtunnel/core/json_document.hpp"
#include "windtunnel/core/writer.hpp"

namespace windtunnel {

void allow_none_or_bonferroni(Correction correction, const char* rule) {
  if (needs_fresh_tests(correction))
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

std::string refuse_given_variance(const std::optional<double>& variance) {
  return variance ? "is given its \"variance\", so no test can estimate it (needs \"plug_in\", or no test)"
                  : "";
}

double level_of_one(double alpha, Correction correction, int hypotheses) {
  return correction == Correction::bonferroni ? alpha / hypotheses : alpha;
}

double least_level_of_one(double alpha, Correction correction, int hypotheses) {
  return correction == Correction::none ? alpha : alpha / hypotheses;
}

namespace {

bool has_zero(const Lift& lift) {
  const auto is_zero = [](const Distribution& law) { return law.value == 0; };
  return std::ranges::any_of(lift.values, is_zero) ||
         std::ranges::any_of(lift.by_name, [&](const auto& named) { return is_zero(named.second); });
}

}  // namespace

void PlannedEffect::describe_baseline(Fields& fields) {
  fields.number("baseline", baseline, {},
                {"mean the team expects of control; relative sizes are multiples of it", "outcome"});
}

void PlannedEffect::check(Fields& fields, const char* key, const std::optional<Lift>& lift) const {
  if (!lift) return;
  if (!lift->is_known())
    fields.refuse(key, "is drawn, but planning needs numbers");
  else if (lift->scale == Lift::Scale::relative && !baseline)
    fields.refuse(key, shown(written(*lift)) +
                           " is relative, so the strategy needs a baseline that it is a multiple of");
  else if ((lift->scale == Lift::Scale::relative && *baseline == 0) || has_zero(*lift))
    fields.refuse(key, "is 0, but planning needs an effect other than 0");
}

std::vector<double> PlannedEffect::sizes(const char* key, const Lift& lift, const Setting& setting) const {
  if (lift.scale == Lift::Scale::relative && setting.estimand.kind != Estimand::Kind::means)
    throw InputError(child("", key),
                     "is a multiple of a mean, which this test does not compare (needs \"absolute\")");
  std::vector<double> sizes;
  for (int treatment = 1; treatment <= setting.treatments(); ++treatment) {
    const std::string& name = setting.arm_names.at(static_cast<std::size_t>(treatment));
    sizes.push_back(std::fabs(lift.absolute(treatment, name, baseline.value_or(0))));
    if (!setting.estimand.is_of_outcomes() && sizes.back() > Estimand::kLargestShare)
      throw InputError(child("", key), "is no share of pairs of users beyond one half (needs at most 0.5)");
    if (sizes.back() == 0)
      throw InputError(child("", key), "leaves out treatment '" + name +
                                           "', but planning needs an effect other than 0 for each");
  }
  return sizes;
}

}  // namespace windtunnel

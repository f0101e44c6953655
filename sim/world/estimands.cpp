#include "windtunnel/world/estimands.hpp"

#include <algorithm>
#include <cmath>

#include "windtunnel/world/world.hpp"

namespace windtunnel {

double MixedLaw::distribution(double x) const {
  double total = 0;
  for (const Part& part : parts) total += part.weight * part.distribution(x);
  return total;
}

double MixedLaw::quantile(double p, double low, double high) const {
  while (true) {
    const double middle = low + 0.5 * (high - low);
    if (!(low < middle && middle < high)) return high;
    (distribution(middle) >= p ? high : low) = middle;
  }
}

double rank_superiority(const MixedLaw& treatment, const MixedLaw& control, double bound) {
  constexpr int kLevels = 512;
  std::vector<double> cuts;
  for (const MixedLaw* law : {&treatment, &control}) {
    double at = -bound;
    for (int k = 0; k < kLevels; ++k) {
      const double level = (k + 0.5) / kLevels;
      if (law->distribution(at) >= level) continue;
      at = law->quantile(level, at, bound);
      cuts.insert(cuts.end(), {std::nextafter(at, -2 * bound), at});
    }
  }
  cuts.push_back(bound);
  std::sort(cuts.begin(), cuts.end());
  double superiority = -0.5, treatment_before = 0, control_before = 0;
  for (const double cut : cuts) {
    const double treatment_now = treatment.distribution(cut), control_now = control.distribution(cut);
    superiority += (treatment_now - treatment_before) * 0.5 * (control_now + control_before);
    treatment_before = treatment_now;
    control_before = control_now;
  }
  return superiority;
}

namespace {

bool same_means(const MixedLaw& a, const MixedLaw& b) {
  return std::ranges::equal(a.parts, b.parts, [](const MixedLaw::Part& x, const MixedLaw::Part& y) {
    return x.mean == y.mean && x.weight == y.weight;
  });
}

/// Whether users may have the means that are left once transients are gone; those with them may.
bool all_legal(const Range& legal, const Means& means, const Truth& truth, int arm) {
  for (const Stratum& stratum : means.climate().strata)
    for (int day = 0; day < Climate::kWeek; ++day)
      if (!legal.contains(means.lasting_mean(truth, day, arm, stratum, 0))) return false;
  return true;
}

/// The law of an arm over the strata of a segment (-1: all) and a week.
MixedLaw lasting_law(const Outcome& outcome, const Means& means, const Truth& truth, int arm, int segment) {
  const Climate& climate = means.climate();
  MixedLaw law;
  double total = 0;
  for (const Stratum& stratum : climate.strata)
    for (int day = 0; day < Climate::kWeek; ++day) {
      const double weight = stratum.share * climate.traffic[static_cast<std::size_t>(day)];
      if ((segment >= 0 && stratum.segment != segment) || weight == 0) continue;
      const double mean = means.lasting_mean(truth, day, arm, stratum, 0);
      total += weight;
      const auto known = std::ranges::find(law.parts, mean, &MixedLaw::Part::mean);
      if (known != law.parts.end())
        known->weight += weight;
      else
        law.parts.push_back({mean, weight, outcome.distribution(mean)});
    }
  for (MixedLaw::Part& part : law.parts) part.weight /= total;
  return law;
}

}  // namespace

std::optional<std::vector<double>> World::true_values(const Estimand& estimand, int segment) const {
  std::vector<double> values(static_cast<std::size_t>(arms()), 0.0);
  if (truth_kind() == Truth::Kind::drawn || climate().return_probability > 0)
    return all_effects_zero() ? std::optional(values) : std::nullopt;
  Truth truth;
  reveal(0, 1, truth);
  const Outcome& outcome = *spec_.outcome;
  const double bound = magnitude();
  for (int arm = 0; arm < arms(); ++arm)
    if (!all_legal(outcome.legal_means(), *means_, truth, arm)) return std::nullopt;
  const MixedLaw control = lasting_law(outcome, *means_, truth, 0, segment);
  for (int arm = 1; arm < arms(); ++arm) {
    const MixedLaw treatment = lasting_law(outcome, *means_, truth, arm, segment);
    if (same_means(treatment, control)) continue;
    values[static_cast<std::size_t>(arm)] =
        estimand.kind == Estimand::Kind::quantiles
            ? treatment.quantile(estimand.p, -bound, bound) - control.quantile(estimand.p, -bound, bound)
            : rank_superiority(treatment, control, bound);
  }
  return values;
}

}  // namespace windtunnel

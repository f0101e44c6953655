#include "windtunnel/design/multiplicity.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

#include "windtunnel/core/math.hpp"
#include "windtunnel/design/quadrature.hpp"
#include "windtunnel/design/root.hpp"

namespace windtunnel {
namespace {

/// z = loading * common + specific * own, with two independent standard normals of which the first, the
/// control's error, is shared by all comparisons.
struct Comparison {
  double loading, specific;
};

std::vector<Comparison> comparisons(std::span<const double> shares) {
  std::vector<Comparison> result;
  for (const double treatment : shares.subspan(1)) {
    const double both = shares[0] + treatment;
    result.push_back({std::sqrt(treatment / both), std::sqrt(shares[0] / both)});
  }
  return result;
}

/// Probability that no comparison is significant, given the control's error.
double none_significant(std::span<const Comparison> all, double critical_value, double common,
                        Alternative alternative) {
  double probability = 1.0;
  for (const Comparison& one : all) {
    const double centre = one.loading * common;
    double kept = math::normal_cdf((critical_value - centre) / one.specific);
    if (alternative == Alternative::two_sided)
      kept -= math::normal_cdf((-critical_value - centre) / one.specific);
    probability *= kept;
  }
  return probability;
}

}  // namespace

double family_wise_error(std::span<const double> shares, double critical_value, Alternative alternative) {
  assert(shares.size() >= 2 && *std::min_element(shares.begin(), shares.end()) > 0.0);
  const std::vector<Comparison> all = comparisons(shares);
  // The integrand varies on the scale of the common error, or faster where a large treatment meets a small
  // control: then the calls nearly follow from the common error alone.
  double scale = 1.0;
  for (const Comparison& one : all) scale = std::min(scale, one.specific / one.loading);
  constexpr double kReach = quadrature::kNormalReach;
  const int panels = static_cast<int>(std::ceil(kReach / scale));
  double sum = 0.0;
  for (int i = 0; i < panels; ++i) {
    const quadrature::Panel panel{kReach * (2.0 * i / panels - 1.0), kReach * (2.0 * (i + 1) / panels - 1.0)};
    for (int node = 0; node < quadrature::kNodes; ++node) {
      const double common = panel.node(node);
      sum += panel.weight(node) * math::normal_pdf(common) *
             (1.0 - none_significant(all, critical_value, common, alternative));
    }
  }
  return sum;
}

double dunnett_critical_value(std::span<const double> shares, double alpha, Alternative alternative) {
  assert(alpha > 0.0 && alpha < 1.0);
  // The logarithm is nearly straight in the critical value.
  const auto excess = [&](double critical_value) {
    return math::log(family_wise_error(shares, critical_value, alternative) / alpha);
  };
  // One comparison at level alpha is too generous for several, Bonferroni's level too strict.
  const double tail = alternative == Alternative::two_sided ? 0.5 * alpha : alpha;
  const double single = -math::normal_quantile(tail);
  const double bonferroni = -math::normal_quantile(tail / static_cast<double>(shares.size() - 1));
  return bracketed_root(excess, single, bonferroni, 1e-9);
}

}  // namespace windtunnel

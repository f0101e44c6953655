#include "windtunnel/design/posterior.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

#include "stirling.hpp"
#include "windtunnel/core/math.hpp"

namespace windtunnel {
namespace {

/// Above this a sum takes longer than quadrature.
constexpr double kLongestSum = 4096.0;

/// Gamma(p + q) Gamma(p + r) / (Gamma(p) Gamma(p + q + r)) as a logarithm.
/// Each part is about as large as the result, so nothing cancels however large the arguments are.
double log_gamma_ratio(double p, double q, double r) {
  double lifted = 1.0;
  for (; p < 10.0; p += 1.0) lifted *= p * (p + q + r) / ((p + q) * (p + r));
  const double all = p + q + r;
  return math::log(lifted) + (p - 0.5) * math::log1p(q * r / (p * all)) + q * math::log1p(-r / all) +
         r * math::log1p(-q / all) + stirling_correction(p + q) + stirling_correction(p + r) -
         stirling_correction(p) - stirling_correction(all);
}

/// P(Beta(terms, q) > Beta(r, p)) for a whole number of terms: the sum over i < terms of
///   B(r + i, p + q) / ((q + i) B(1 + i, q) B(r, p)),
/// whose first term is the ratio above and whose other terms follow by a rational factor.
double partial_sum(double terms, double r, double q, double p) {
  constexpr double kBig = 1e200;
  double term = 1.0;
  double sum = 0.0;
  double log_scale = log_gamma_ratio(p, q, r);
  for (double i = 0.0; i < terms; i += 1.0) {
    sum += term;
    term *= ((r + i) * (q + i)) / ((r + q + p + i) * (1.0 + i));
    if (term > kBig) {
      sum /= kBig;
      term /= kBig;
      log_scale += math::log(kBig);
    }
  }
  return sum * math::exp(log_scale);
}

}  // namespace

double probability_better(BetaPosterior treatment, BetaPosterior control) {
  assert(treatment.a > 0.0 && treatment.b > 0.0 && control.a > 0.0 && control.b > 0.0);
  const double a1 = treatment.a, b1 = treatment.b, a0 = control.a, b0 = control.b;
  // theta -> 1 - theta swaps a and b and the order; swapping the arms gives the complement: any of the four
  // parameters can count the terms.
  const std::array<double, 4> counts{a1, b0, a0, b1};
  int shortest = -1;
  double terms = kLongestSum;
  for (int i = 0; i < 4; ++i) {
    const double count = counts[static_cast<std::size_t>(i)];
    if (count == std::floor(count) && count < terms) {
      terms = count;
      shortest = i;
    }
  }
  switch (shortest) {
    case 0:
      return partial_sum(terms, a0, b1, b0);
    case 1:
      return partial_sum(terms, b1, a0, a1);
    case 2:
      return 1.0 - partial_sum(terms, a1, b0, b1);
    case 3:
      return 1.0 - partial_sum(terms, b0, a1, a0);
    default: {
      const std::array<BetaPosterior, 2> arms{control, treatment};
      std::array<double, 2> best;
      probability_best(arms, best);
      return best[1];
    }
  }
}

double probability_better(NormalPosterior treatment, NormalPosterior control) {
  const double variance = treatment.sd * treatment.sd + control.sd * control.sd;
  return math::normal_cdf((treatment.mean - control.mean) / std::sqrt(variance));
}

}  // namespace windtunnel

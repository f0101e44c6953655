#include <algorithm>
#include <cmath>

#include "math_internal.hpp"
#include "windtunnel/core/lane_math.hpp"
#include "windtunnel/core/math.hpp"

namespace windtunnel::math {

namespace {

using lane_detail::kPositiveInfinity;
using lane_detail::kQuietNan;

/// Above this t^2 / nu the tail is a power of t to the last digit.
constexpr double kPowerTail = 1e30;

/// Quantiles whose logarithm is not below this count as infinite.
constexpr double kLargestLog = 709.7;

/// What Newton's method needs to know about Student's law at t > 0.
struct StudentPoint {
  double central;  ///< P(0 < T < t)
  double upper;    ///< P(T > t)
  double slope;    ///< t times the density
};

/// log of the constant C in P(T > t) ~ C (t^2 / nu)^(-nu / 2), t -> infinity.
double log_tail_constant(double nu) {
  return -lane_log(nu) - log_beta(0.5 * nu, 0.5);
}

/// P(T > t) = I_x(nu/2, 1/2) / 2 with x = nu / (nu + t^2), by whichever side of the law is the smaller one.
StudentPoint student_point(double t, double nu) {
  const double w = t * (t / nu);
  if (w > kPowerTail) {
    const double upper = lane_exp(log_tail_constant(nu) - 0.5 * nu * (2.0 * lane_log(t) - lane_log(nu)));
    return {0.5 - upper, upper, nu * upper};
  }
  const double x = 1.0 / (1.0 + w);
  const double y = w * x;
  const double a = 0.5 * nu;
  const double difference = 0.5 * (t - 1.0) * (t + 1.0) * x;
  const BetaPoint outer{x, y, difference};
  const double kernel = beta_kernel(a, 0.5, outer);
  if (difference >= 0.0) {
    const double upper = 0.5 * kernel / beta_fraction(a, 0.5, outer);
    return {0.5 - upper, upper, kernel};
  }
  const double central = 0.5 * kernel / beta_fraction(0.5, a, {y, x, -difference});
  return {central, 0.5 - central, kernel};
}

/// First guess of the t > 0 with P(T > t) = upper, P(0 < T < t) = central, of which the smaller is the
/// precise one. Source: Wallace (1959), Ann. Math. Statist. 30:1121, inverted.
double guess_quantile(double central, double upper, double nu) {
  const double z = central < upper ? normal_quantile(0.5 + central) : -normal_quantile(upper);
  if (central < 1e-8) return z;
  const double ratio = z * ((8.0 * nu + 3.0) / (8.0 * nu + 1.0));
  return std::sqrt(nu * expm1(std::min(ratio * ratio / nu, 200.0)));
}

/// log(value / target), precise where the two are close.
double log_ratio(double value, double target) {
  const double ratio = value / target;
  return ratio > 0.5 && ratio < 2.0 ? log1p((value - target) / target) : lane_log(ratio);
}

/// The t > 0 of given probabilities. Newton's method for the logarithm of the smaller probability as a
/// function of log(t), which is concave: from the second step on the iterates are monotone.
double positive_quantile(double central, double upper, double nu) {
  double log_t = std::min(lane_log(guess_quantile(central, upper, nu)), kLargestLog);
  for (int step = 0; step < 100; ++step) {
    const StudentPoint point = student_point(lane_exp(log_t), nu);
    const double misfit = central < upper ? -log_ratio(point.central, central) * point.central
                                          : log_ratio(point.upper, upper) * point.upper;
    // A tail that underflows tells no slope, only that t is too large.
    const double change = point.slope > 0.0 && point.upper > 0.0 ? misfit / point.slope : -0.5;
    log_t = std::min(log_t + change, kLargestLog);
    if (std::fabs(change) < 1e-15 * std::max(1.0, std::fabs(log_t))) break;
  }
  return log_t < kLargestLog ? lane_exp(log_t) : kPositiveInfinity;
}

}  // namespace

double student_t_cdf(double t, double degrees_of_freedom) {
  const double nu = degrees_of_freedom;
  if (!(nu > 0.0) || t != t) return kQuietNan;
  if (nu == kPositiveInfinity) return normal_cdf(t);
  if (t == 0.0) return 0.5;
  const double size = std::fabs(t);
  if (size == kPositiveInfinity) return t < 0.0 ? 0.0 : 1.0;
  const StudentPoint point = student_point(size, nu);
  return t < 0.0 ? point.upper : 0.5 + point.central;
}

double student_t_quantile(double p, double degrees_of_freedom) {
  const double nu = degrees_of_freedom;
  if (!(nu > 0.0 && p >= 0.0 && p <= 1.0)) return kQuietNan;
  if (p == 0.0) return -kPositiveInfinity;
  if (p == 1.0) return kPositiveInfinity;
  if (p == 0.5) return 0.0;
  if (nu == kPositiveInfinity) return normal_quantile(p);
  const double upper = p < 0.5 ? p : 1.0 - p;
  const double t = positive_quantile(std::fabs(p - 0.5), upper, nu);
  return p < 0.5 ? -t : t;
}

}  // namespace windtunnel::math

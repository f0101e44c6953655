#include <algorithm>
#include <cmath>
#include <limits>

#include "math_internal.hpp"
#include "windtunnel/core/lane_math.hpp"
#include "windtunnel/core/math.hpp"

namespace windtunnel::math {

namespace {

using lane_detail::kPositiveInfinity;
using lane_detail::kQuietNan;

constexpr double kEpsilon = std::numeric_limits<double>::epsilon();

/// k - n p, where the rounding error of the product is taken back.
double distance_from_mean(double k, double n, double p) {
  const DoubleDouble mean = two_product(n, p);
  return (k - mean.high) - mean.low;
}

}  // namespace

double deviance(double x, double mean, double difference) {
  const double v = difference / (x + mean);
  if (v > 0.3 || v < -0.3) return x * lane_log(x / mean) - difference;
  // log(x / mean) = 2 artanh(v), whose first term cancels against the difference.
  const double v2 = v * v;
  double sum = difference * v;
  double power = 2.0 * x * v;
  for (int odd = 3; odd < 60; odd += 2) {
    power *= v2;
    const double next = sum + power / odd;
    if (next == sum) break;
    sum = next;
  }
  return sum;
}

double log_beta(double a, double b) {
  const double low = std::min(a, b);
  const double high = std::max(a, b);
  if (!(low > 0.0) || a != a || b != b) return low == 0.0 && high >= 0.0 ? kPositiveInfinity : kQuietNan;
  if (high == kPositiveInfinity) return -kPositiveInfinity;
  const double sum = low + high;
  if (high < 10.0) return log_gamma(low) + (log_gamma(high) - log_gamma(sum));
  const double high_part = (high - 0.5) * log1p(-low / sum);
  const double corrections = stirling_correction(high) - stirling_correction(sum);
  if (low < 10.0) return log_gamma(low) + (corrections + (low - low * lane_log(sum) + high_part));
  const double low_part = (low - 0.5) * lane_log(low / sum) - 0.5 * lane_log(sum);
  return kHalfLogTwoPi + (stirling_correction(low) + corrections) + (low_part + high_part);
}

double beta_kernel(double a, double b, const BetaPoint& point) {
  const double n = a + b;
  const double corrections = stirling_correction(n) - (stirling_correction(a) + stirling_correction(b));
  const double deviances =
      deviance(a, n * point.x, point.difference) + deviance(b, n * point.y, -point.difference);
  return lane_exp(corrections - deviances) * std::sqrt(a / kTwoPi * (b / n));
}

double beta_fraction(double a, double b, const BetaPoint& point) {
  const double x = point.x;
  constexpr double kTiny = 1e-300;
  double f = a * (point.difference + 1.0) / (a + 1.0);
  if (f == 0.0) f = kTiny;
  double c = f;
  double d = 0.0;
  // Lentz's algorithm as modified by Thompson & Barnett (1986), J. Comput. Phys. 64:490.
  for (double m = 1.0; m < 1e7; m += 1.0) {
    const double odd = a + 2.0 * m - 1.0;
    const double numerator = ((a + m - 1.0) / odd) * ((a + b + m - 1.0) / odd) * m * (b - m) * x * x;
    const double partial = m + m * (b - m) * x / odd +
                           (a + m) * (point.difference + 1.0 + m * (1.0 + point.y)) / (a + 2.0 * m + 1.0);
    d = partial + numerator * d;
    c = partial + numerator / c;
    if (d == 0.0) d = kTiny;
    if (c == 0.0) c = kTiny;
    d = 1.0 / d;
    const double factor = c * d;
    f *= factor;
    if (!(std::fabs(factor - 1.0) > kEpsilon)) break;
  }
  return f;
}

double incomplete_beta(double a, double b, double x) {
  if (!(a > 0.0 && b > 0.0 && a < kPositiveInfinity && b < kPositiveInfinity && x >= 0.0 && x <= 1.0))
    return kQuietNan;
  if (x == 0.0 || x == 1.0) return x;
  const DoubleDouble complement = two_sum(1.0, -x);
  const double y = complement.high;
  const DoubleDouble ay = two_product(a, y);
  const DoubleDouble bx = two_product(b, x);
  const double difference = (ay.high - bx.high) + ((ay.low - bx.low) + a * complement.low);
  const BetaPoint point{x, y, difference};
  if (difference >= 0.0) return std::min(1.0, beta_kernel(a, b, point) / beta_fraction(a, b, point));
  const BetaPoint mirrored{y, x, -difference};
  return std::max(0.0, 1.0 - beta_kernel(b, a, mirrored) / beta_fraction(b, a, mirrored));
}

double binomial_pmf(double k, double n, double p) {
  if (!(n >= 0.0 && n < kPositiveInfinity && p >= 0.0 && p <= 1.0) || k != k) return kQuietNan;
  if (k < 0.0 || k > n || k != std::floor(k)) return 0.0;
  if (p == 0.0) return k == 0.0 ? 1.0 : 0.0;
  if (p == 1.0) return k == n ? 1.0 : 0.0;
  if (k == 0.0) return lane_exp(n * log1p(-p));
  if (k == n) return lane_exp(n * lane_log(p));
  const double difference = distance_from_mean(k, n, p);
  const double corrections = stirling_correction(n) - (stirling_correction(k) + stirling_correction(n - k));
  const double deviances = deviance(k, n * p, difference) + deviance(n - k, n * (1.0 - p), -difference);
  return lane_exp(corrections - deviances) * std::sqrt(n / k / (kTwoPi * (n - k)));
}

}  // namespace windtunnel::math

#include <cmath>

#include "math_internal.hpp"
#include "windtunnel/core/lane_math.hpp"
#include "windtunnel/core/math.hpp"

namespace windtunnel::math {

namespace {

/// Below it Gamma is reached by recursion, from it on by Stirling's series.
constexpr double kStirlingFrom = 10.0;

/// Stirling's series, the terms B_2k / (2k (2k - 1) x^(2k - 1)), k = 1 ... 7: error below 4e-17 at x = 10.
double stirling_series(double x) {
  const double z = 1.0 / (x * x);
  double sum = 7.0 / 1092.0;
  sum = sum * z - 691.0 / 360360.0;
  sum = sum * z + 1.0 / 1188.0;
  sum = sum * z - 1.0 / 1680.0;
  sum = sum * z + 1.0 / 1260.0;
  sum = sum * z - 1.0 / 360.0;
  sum = sum * z + 1.0 / 12.0;
  return sum / x;
}

/// log(Gamma(2 + z)) for |z| <= 1/2: z times a near-minimax polynomial, relative error 7e-17 before rounding.
double log_gamma_near_two(double z) {
  constexpr double kSeries[] = {
      0x1.b0ee6072093cep-2,   0x1.4a34cc4a60fa7p-2,  -0x1.13e001a557607p-4,  0x1.51322ac7d7fd2p-6,
      -0x1.e404fc218ecffp-8,  0x1.7add6eae5b8fdp-9,  -0x1.38ac5c2c96006p-10, 0x1.0b36af3424c50p-11,
      -0x1.d3fd4bda4f97bp-13, 0x1.a127dd231f4b2p-14, -0x1.78de85fa0bf74p-15, 0x1.5806d7786fbc2p-16,
      -0x1.3cb5f201754a6p-17, 0x1.2640a5e8ab73ep-18, -0x1.125408d7ee6ebp-19, 0x1.edf317afe0c72p-21,
      -0x1.d06b46182e294p-22, 0x1.2b4bb069ee6a9p-22, -0x1.1be56b7e101c6p-23};
  double sum = kSeries[18];
  for (int i = 17; i >= 0; --i) sum = sum * z + kSeries[i];
  return z * sum;
}

}  // namespace

double stirling_correction(double x) {
  if (x >= kStirlingFrom) return stirling_series(x);
  return log_gamma(x) - ((x - 0.5) * lane_log(x) - x + kHalfLogTwoPi);
}

double log_gamma(double x) {
  if (!(x > 0.0)) return x == 0.0 ? lane_detail::kPositiveInfinity : lane_detail::kQuietNan;
  if (x == lane_detail::kPositiveInfinity) return x;
  if (x >= kStirlingFrom) return (x - 0.5) * (lane_log(x) - 1.0) + (kHalfLogTwoPi - 0.5 + stirling_series(x));
  if (x < 0.5) return log_gamma_near_two(x) - log1p(x) - lane_log(x);
  if (x < 1.5) return log_gamma_near_two(x - 1.0) - log1p(x - 1.0);
  double product = 1.0;
  while (x > 2.5) {
    x -= 1.0;
    product *= x;
  }
  return lane_log(product) + log_gamma_near_two(x - 2.0);
}

namespace {

/// x^a e^-x / Gamma(a) for a, x > 0.
double gamma_kernel(double a, double x) {
  return lane_exp(-stirling_correction(a) - deviance(a, x, a - x)) * std::sqrt(a / kTwoPi);
}

/// Gamma(a) P(a, x) / (x^a e^-x) = sum of x^k / (a (a + 1) ... (a + k)); quick for x < a + 1.
double gamma_series(double a, double x) {
  double term = 1.0 / a;
  double sum = term;
  for (double k = 1.0; term > sum * 0x1p-54; k += 1.0) {
    term *= x / (a + k);
    sum += term;
  }
  return sum;
}

/// Gamma(a) Q(a, x) / (x^a e^-x) by Legendre's continued fraction; quick for x > a + 1.
double gamma_fraction(double a, double x) {
  constexpr double kTiny = 1e-300;
  double partial = x + 1.0 - a;
  double c = 1.0 / kTiny;
  double d = 1.0 / partial;
  double f = d;
  for (double k = 1.0; k < 1e8; k += 1.0) {
    const double numerator = k * (a - k);
    partial += 2.0;
    d = partial + numerator * d;
    c = partial + numerator / c;
    if (d == 0.0) d = kTiny;
    if (c == 0.0) c = kTiny;
    d = 1.0 / d;
    const double factor = c * d;
    f *= factor;
    if (!(std::fabs(factor - 1.0) > 0x1p-52)) break;
  }
  return f;
}

}  // namespace

double incomplete_gamma(double a, double x) {
  if (!(a > 0.0 && a < lane_detail::kPositiveInfinity && x >= 0.0)) return lane_detail::kQuietNan;
  if (x == 0.0) return 0.0;
  if (x == lane_detail::kPositiveInfinity) return 1.0;
  if (x < a + 1.0) return gamma_kernel(a, x) * gamma_series(a, x);
  return 1.0 - gamma_kernel(a, x) * gamma_fraction(a, x);
}

double chi_square_upper(double x, double degrees_of_freedom) {
  const double a = 0.5 * degrees_of_freedom;
  const double half = 0.5 * x;
  if (!(a > 0.0 && a < lane_detail::kPositiveInfinity) || x != x) return lane_detail::kQuietNan;
  if (half <= 0.0) return 1.0;
  if (half == lane_detail::kPositiveInfinity) return 0.0;
  if (half < a + 1.0) return 1.0 - gamma_kernel(a, half) * gamma_series(a, half);
  return gamma_kernel(a, half) * gamma_fraction(a, half);
}

double chi_square_quantile_upper(double tail, double degrees_of_freedom) {
  double low = 0, high = degrees_of_freedom;
  while (chi_square_upper(high, degrees_of_freedom) > tail) high *= 2;
  for (int i = 0; i < 200 && low < high; ++i) {
    const double middle = low + (high - low) / 2;
    if (middle == low || middle == high) break;
    (chi_square_upper(middle, degrees_of_freedom) > tail ? low : high) = middle;
  }
  return high;
}

}  // namespace windtunnel::math

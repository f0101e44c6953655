#include <cmath>

#include "math_internal.hpp"
#include "windtunnel/core/lane_math.hpp"
#include "windtunnel/core/math.hpp"

namespace windtunnel::math {

using lane_detail::kInfinity;
using lane_detail::kNan;

double exp(double x) {
  return lane_exp(x);
}

double log(double x) {
  return lane_log(x);
}

double log1p(double x) {
  if (!(x < kInfinity)) return x;
  return x > -1.0 ? lane_log1p(x) : lane_log(1.0 + x);
}

double expm1(double x) {
  return x > 709.0 ? lane_exp(x) - 1.0 : lane_expm1(x);
}

namespace {

/// log(x) as a double-double for finite x > 0: relative error below 2^-63.
/// The series of lane_log with its first two terms carried in twice the precision.
DoubleDouble log_twice(double x) {
  constexpr double kSeries[] = {0x1.999999999999ap-2, 0x1.2492492492522p-2, 0x1.c71c71c6ea89ap-3,
                                0x1.745d177aaaba9p-3, 0x1.3b1395c974d0dp-3, 0x1.1118c9ba9a9d8p-3,
                                0x1.df7c669aa8a55p-4, 0x1.e03273b28d57cp-4};
  int exponent = 0;
  double mantissa = std::frexp(x, &exponent);
  if (mantissa < 0x1.6a09ep-1) {
    mantissa *= 2.0;
    --exponent;
  }
  const double f = mantissa - 1.0;
  const DoubleDouble sum = two_sum(2.0, f);
  const double s = f / sum.high;
  const double s_low = (std::fma(-s, sum.high, f) - s * sum.low) / sum.high;
  const DoubleDouble z = two_product(s, s);
  const double z_low = z.low + 2.0 * s * s_low;
  double series = kSeries[7];
  for (int i = 6; i >= 0; --i) series = series * z.high + kSeries[i];
  // factor = 2 + z (2/3 + z series) in twice the precision, then times s.
  const DoubleDouble third = two_product(z.high, 0x1.5555555555555p-1);
  const double third_low = third.low + z.high * 0x1.5555555555555p-55 + z_low * 0x1.5555555555555p-1;
  const DoubleDouble factor = two_sum(2.0, third.high);
  const double factor_low = factor.low + (third_low + z.high * z.high * series);
  const DoubleDouble product = two_product(s, factor.high);
  const double product_low = product.low + (s * factor_low + s_low * factor.high);
  const double k = exponent;
  const DoubleDouble total = two_sum(k * lane_detail::kLn2High, product.high);
  const double total_low = total.low + (product_low + k * lane_detail::kLn2Low);
  return two_sum(total.high, total_low);
}

}  // namespace

double pow(double x, double y) {
  if (y == 0.0 || x == 1.0) return 1.0;
  if (!(x >= 0.0) || y != y) return kNan;
  if (x == 0.0) return y > 0.0 ? 0.0 : kInfinity;
  if (x == kInfinity) return y > 0.0 ? kInfinity : 0.0;
  const DoubleDouble logarithm = log_twice(x);
  const double high = y * logarithm.high;
  const double result = lane_exp(high);
  if (!(result > 0.0 && result < kInfinity)) return result;
  const double low = std::fma(y, logarithm.high, -high) + y * logarithm.low;
  return result + result * low;
}

}  // namespace windtunnel::math

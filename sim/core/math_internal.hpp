#pragma once

#include <cmath>

/// Pieces that the files of core/math share.
namespace windtunnel::math {

/// An unevaluated sum high + low with |low| <= ulp(high)/2: about 106 bits.
struct DoubleDouble {
  double high;
  double low;
};

/// a + b exactly. Source: Knuth, TAOCP 2, section 4.2.2, theorem B.
inline DoubleDouble two_sum(double a, double b) {
  const double sum = a + b;
  const double b_part = sum - a;
  return {sum, (a - (sum - b_part)) + (b - b_part)};
}

/// a * b exactly, unless it underflows. std::fma is correctly rounded everywhere, in hardware or not.
inline DoubleDouble two_product(double a, double b) {
  const double product = a * b;
  return {product, std::fma(a, b, -product)};
}

/// log(Gamma(x)) - ((x - 1/2) log(x) - x + log(2 pi)/2) for x > 0; absolute error below 3e-15, for x >= 10
/// below 1e-17.
double stirling_correction(double x);

}  // namespace windtunnel::math

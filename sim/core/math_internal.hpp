#pragma once

#include <cmath>

/// Pieces that the files of core/math share.
namespace windtunnel::math {

inline constexpr double kHalfLogTwoPi = 0.9189385332046727417803297;
inline constexpr double kTwoPi = 6.283185307179586476925287;

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

/// x log(x / mean) - difference with difference = x - mean: what a Poisson or binomial logarithm loses away
/// from its mode. The difference is passed because the caller knows it to more digits than x - mean holds.
///   x, mean  positive and finite
///   source   Loader (2000), "Fast and accurate computation of binomial probabilities", function D0
double deviance(double x, double mean, double difference);

/// A point of the unit interval with its complement, each to full relative precision.
struct BetaPoint {
  double x;           ///< 0 < x < 1
  double y;           ///< 1 - x
  double difference;  ///< a y - b x for the parameters a, b it is used with
};

/// x^a y^b / B(a, b) for a, b > 0.
double beta_kernel(double a, double b, const BetaPoint& point);

/// The continued fraction F of I_x(a, b) = x^a y^b / (B(a, b) F); meant for point.difference >= 0.
///   source  DiDonato & Morris (1992), ACM TOMS 18:360, continued fraction BFRAC
double beta_fraction(double a, double b, const BetaPoint& point);

}  // namespace windtunnel::math

#pragma once

#include <bit>
#include <limits>

#include "windtunnel/core/types.hpp"

/// Branch-free elementary functions for loops over lanes: g++ -O3 vectorises a loop that calls them, and a
/// lane gets the bits the scalar functions of core/math.hpp give. Only +, -, *, / and bit operations, hence
/// the same bits with and without FMA as long as nothing is contracted (-ffp-contract=off).
namespace windtunnel {

namespace lane_detail {

inline constexpr double kLog2E = 0x1.71547652b82fep+0;
/// ln 2 in two parts; the first ends in zeros, so that its product with an exponent is exact.
inline constexpr double kLn2High = 0x1.62e42fefa3000p-1;
inline constexpr double kLn2Low = 0x1.3de6af278ece6p-42;
inline constexpr double kInfinity = std::numeric_limits<double>::infinity();
inline constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// e^x = 2^(k - 2046) * (1 + excess), with |excess| below 0.42.
struct ReducedExp {
  double excess;
  u64 k;
};

/// Argument reduction x = n ln 2 + r, |r| <= ln(2)/2, and a polynomial for e^r - 1; |x| below 1100.
inline ReducedExp reduce_exp(double x) {
  // Adding 1.5 * 2^52 rounds to an integer that can be read off the low bits; 2046 keeps it positive.
  constexpr double kRounder = 0x1.8p52 + 2046.0;
  const double shifted = x * kLog2E + kRounder;
  const double n = shifted - kRounder;
  const double high = x - n * kLn2High;
  const double low = n * kLn2Low;
  const double r = high - low;
  const double r2 = r * r;
  const double r4 = r2 * r2;
  // (e^r - 1 - r - r^2/2) / r^3, near-minimax on |r| <= ln(2)/2: error 2^-60 after multiplication by r^3.
  const double c01 = 0x1.5555555555556p-3 + r * 0x1.5555555555555p-5;
  const double c23 = 0x1.11111111109b2p-7 + r * 0x1.6c16c16c167e0p-10;
  const double c45 = 0x1.a01a01a7c54aep-13 + r * 0x1.a01a01a47bb19p-16;
  const double c67 = 0x1.71de0da9d06acp-19 + r * 0x1.27e4e1f1e809dp-22;
  const double c89 = 0x1.af38b4925be09p-26 + r * 0x1.1f66e5b718f3ep-29;
  const double tail = (c01 + r2 * c23) + r4 * ((c45 + r2 * c67) + r4 * c89);
  const double curved = r2 * (0.5 + r * tail);
  return {high + (curved - low), std::bit_cast<u64>(shifted) - std::bit_cast<u64>(0x1.8p52)};
}

/// 2^(biased - 1023) for 0 < biased < 2047.
inline double power_of_two(u64 biased) {
  return std::bit_cast<double>(biased << 52);
}

}  // namespace lane_detail

/// Exponential function, branch-free.
///   x        any double; below -745.14 gives 0, above 709.79 infinity, NaN gives NaN
///   returns  error below 0.95 ulp (subnormal results: 1 ulp)
inline double lane_exp(double x) {
  using namespace lane_detail;
  // Outside these bounds the result is 0 or infinity anyway; a NaN passes both comparisons untouched.
  const double above = x < -746.0 ? -746.0 : x;
  const double bounded = above > 710.0 ? 710.0 : above;
  const ReducedExp e = reduce_exp(bounded);
  // Two factors, because 2^n alone leaves the range of normal numbers before the result does.
  const u64 half = e.k >> 1;
  return (1.0 + e.excess) * power_of_two(half) * power_of_two(e.k - half);
}

/// Natural logarithm, branch-free.
///   x        any double; 0 gives -infinity, negative or NaN gives NaN, infinity gives infinity
///   returns  error below 0.95 ulp
///   method   x = 2^k (1 + f), log(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2)) with s = f / (2 + f)
inline double lane_log(double x) {
  using namespace lane_detail;
  constexpr u64 kSqrtHalf = 0x3fe6a09e00000000;
  constexpr u64 kMantissa = 0x000fffffffffffff;
  const bool subnormal = x < std::numeric_limits<double>::min();
  const double normal = subnormal ? x * 0x1p54 : x;
  const double scale = subnormal ? 54.0 : 0.0;
  // The mantissa is brought into [sqrt(1/2), sqrt(2)); the exponent is read as the low bits of 2^52 + k.
  const u64 bits = std::bit_cast<u64>(normal) + (0x3ff0000000000000 - kSqrtHalf);
  const double k = std::bit_cast<double>(0x4330000000000000 | (bits >> 52)) - (0x1p52 + 1023.0) - scale;
  const double f = std::bit_cast<double>((bits & kMantissa) + kSqrtHalf) - 1.0;
  const double s = f / (2.0 + f);
  const double z = s * s;
  const double z2 = z * z;
  // (log((1 + s)/(1 - s)) / s - 2) / z, near-minimax on |s| <= 0.1716: error 2^-56 after multiplication by z.
  const double p01 = 0x1.5555555555558p-1 + z * 0x1.99999999952b6p-2;
  const double p23 = 0x1.2492492df62cfp-2 + z * 0x1.c71c62df4373bp-3;
  const double p45 = 0x1.7462b6717d448p-3 + z * 0x1.39fe256b357ffp-3;
  const double remainder = z * ((p01 + z2 * p23) + z2 * z2 * (p45 + z2 * 0x1.2b5b2383c1004p-3));
  const double half_square = 0.5 * f * f;
  const double low = s * (half_square + remainder) + k * kLn2Low;
  const double y = k * kLn2High - ((half_square - low) - f);
  const double at_zero = x == 0.0 ? -kInfinity : kNan;
  const double finite = x > 0.0 ? y : at_zero;
  return x < kInfinity ? finite : x;
}

/// e^x - 1, precise for small x, branch-free.
///   x        any double up to 709, where larger ones are cut off; NaN gives NaN
///   returns  error below 1.6 ulp
inline double lane_expm1(double x) {
  using namespace lane_detail;
  const double above = x < -40.0 ? -40.0 : x;
  const ReducedExp e = reduce_exp(above > 709.0 ? 709.0 : above);
  const double scale = power_of_two(e.k - 1023);
  return scale * e.excess + (scale - 1.0);
}

/// log(1 + x), precise for small x, branch-free.
///   x        between -1 and infinity, both excluded; NaN gives NaN
///   returns  error below 1.6 ulp
inline double lane_log1p(double x) {
  const double u = 1.0 + x;
  // What rounding took from 1 + x returns as a first-order correction.
  const double lost = x > 1.0 ? 1.0 - (u - x) : x - (u - 1.0);
  return lane_log(u) + lost / u;
}

/// exp(-x^2/2), branch-free.
///   x        any double; infinities give 0, NaN gives NaN
///   returns  error below 2 ulp, however far x lies in the tail
inline double lane_gaussian(double x) {
  const double size = x < 0.0 ? -x : x;
  const double bounded = size > 40.0 ? 40.0 : size;
  // The square of x to 26 bits is exact; its rounding error would be magnified by x^2/2.
  constexpr double kRounder = 0x1.8p32;
  const double coarse = (bounded + kRounder) - kRounder;
  const double rest = -0.5 * (bounded - coarse) * (bounded + coarse);
  const double e = lane_exp(-0.5 * coarse * coarse);
  return e + e * (rest * (1.0 + rest * (0.5 + rest * (1.0 / 6.0))));
}

/// Upper tail probability of the standard normal law, branch-free.
///   x        any double; infinity gives 0, -infinity 1, NaN gives NaN
///   returns  P(Z > x), relative error below 2e-15 (subnormal results: 1 ulp more)
///   source   form of Shepherd & Laframboise (1981), Math. Comp. 36:249: exp(-x^2/2) / (1 + x) times a
///            polynomial in (x - 5) / (x + 5); coefficients near-minimax on 0 <= x <= 40
inline double lane_normal_upper(double x) {
  constexpr double kSeries[] = {
      0x1.d8979b0f2b39dp-2,   -0x1.76ff86859eb0bp-4, 0x1.fc66cc64a1478p-6,   0x1.47c1d0305292ep-7,
      -0x1.b08e0007b7516p-6,  0x1.92037bab679f1p-6,  -0x1.f11aab0282cf5p-7,  0x1.ab6d0385a898cp-8,
      -0x1.b75f4fbb4d2fdp-10, 0x1.057220324f36ep-17, 0x1.7e61efc8db195p-13,  -0x1.c1b2624b7773ep-15,
      -0x1.4c1274443e9b1p-17, 0x1.300afc6551915p-17, -0x1.27aa131413db4p-24, -0x1.5fa15ebb4a482p-20,
      0x1.0b7cba94ad2e0p-23,  0x1.aaec7ba104247p-23, -0x1.779193ace11a2p-26, -0x1.1249efe4f102fp-25,
      0x1.82cf80ab172abp-32,  0x1.1158c9e58cd01p-28, 0x1.9d63c13bae08fp-31};
  constexpr int kDegree = 22;
  const double size = x < 0.0 ? -x : x;
  const double bounded = size > 40.0 ? 40.0 : size;
  const double t = (bounded - 5.0) / (bounded + 5.0);
  // Even and odd halves: two chains of half the latency.
  const double t2 = t * t;
  double even = kSeries[kDegree];
  double odd = kSeries[kDegree - 1];
  for (int i = kDegree - 2; i > 0; i -= 2) {
    even = even * t2 + kSeries[i];
    odd = odd * t2 + kSeries[i - 1];
  }
  const double scaled = (even * t2 + kSeries[0]) + t * odd;
  const double upper = lane_gaussian(bounded) * scaled / (1.0 + bounded);
  return x < 0.0 ? 1.0 - upper : upper;
}

}  // namespace windtunnel

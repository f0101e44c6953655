#pragma once

#include "windtunnel/core/lane_math.hpp"

/// What Stirling's formula leaves out, for densities whose parts would cancel.
namespace windtunnel {

/// log Gamma(x) minus Stirling's formula (x - 1/2) log x - x + log(2 pi)/2, for x >= 10; absolute error below
/// 2e-14.
inline double stirling_correction(double x) {
  const double square = 1.0 / (x * x);
  return (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680 - square / 1188)))) /
         x;
}

/// The same for any x > 0, branch-free: below 10, Gamma(x) = Gamma(x + 10) / (x (x + 1) ... (x + 9)).
inline double lane_stirling_correction(double x) {
  const bool is_small = x < 10.0;
  const double big = is_small ? x + 10.0 : x, near = is_small ? x : 1.0;
  double product = near;
  for (int i = 1; i < 10; ++i) product *= near + i;
  const double log_big = lane_log(big);
  const double moved = (x - 0.5) * (log_big - lane_log(x)) + 10.0 * log_big - 10.0 - lane_log(product);
  return stirling_correction(big) + (is_small ? moved : 0.0);
}

}  // namespace windtunnel

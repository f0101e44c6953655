#pragma once

#include "windtunnel/core/types.hpp"

/// How likely other arms of 0 and 1 draw more than a leader has drawn, under Beta posteriors; see
/// thompson_many.hpp.
namespace windtunnel {

/// What all arms need of the leader's draws, [lane].
struct Drawn {
  double* x;
  float *log_x, *log_rest, *per_x, *per_rest;
};

/// Finds them from the draws, which are moved inside (0, 1): there both logarithms are finite, and slopes fit
/// single precision.
void prepare(const Drawn& drawn, int lanes);

/// What is known of one arm, [lane].
struct ArmColumns {
  const i32 *users, *wins;
  const float* log_norm;
};

/// A bound of an arm's density at x and the slope of its logarithm, downwards: the chance that the arm lies
/// beyond x is at most density / slope, where that is below 1; a larger density or a smaller slope than the
/// true ones do as well. A sum of three numbers of single precision, each within 3 u of its own, is within 5
/// u of the sum of their sizes, u = 2^-24, and 8 u are allowed for; likewise for the difference of the slope.
///   slope   0 where the arm must draw whole
///   halves  random
///   keeps   1: the half / 2^16 lies below the bound, or too near to tell, and the arm is not the leader
void bound_tail(const Drawn& drawn, const ArmColumns& arm, i32 other, const i32* __restrict leader,
                const u16* __restrict halves, float* __restrict slope, float* __restrict density,
                i32* __restrict keeps, int lanes);

}  // namespace windtunnel

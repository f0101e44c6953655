#pragma once

#include <algorithm>

#include "windtunnel/core/lane_source.hpp"

/// What the samplers share: variates made from two words, high one first.
namespace windtunnel {

/// (64-bit integer + 1/2) / 2^64 rounded to a double, in (0, 1): small values keep all their 64 bits.
inline double uniform_from_words(u32 high, u32 low) {
  constexpr double kLargestBelowOne = 0x1.fffffffffffffp-1;
  const double bits = static_cast<double>(high) * 0x1p32 + static_cast<double>(low);
  return std::min((bits + 0.5) * 0x1p-64, kLargestBelowOne);
}

/// Standard normal variates by inversion: the first bit is the sign, the others the tail probability.
///   high, low  [lanes] words
///   returns    in out[lanes]: relative error of the quantile below 1e-13; |out| up to 9.2
void normal_from_words(const u32* high, const u32* low, double* out, int lanes);

/// One uniform variate from draws `draw` and `draw + 1` of one replication.
inline double uniform_at(const Random& random, u64 replication, Address address) {
  return uniform_from_words(random.word(replication, address), random.word(replication, later(address, 1)));
}

/// One standard normal variate, bit for bit what sample_normal gives that lane.
inline double normal_at(const Random& random, u64 replication, Address address) {
  const u32 high = random.word(replication, address), low = random.word(replication, later(address, 1));
  double out;
  normal_from_words(&high, &low, &out, 1);
  return out;
}

}  // namespace windtunnel

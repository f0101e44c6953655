#pragma once

#include <vector>

#include "windtunnel/core/types.hpp"

namespace windtunnel {

/// The x with P(X > x) = tail for X of law Beta(a, b).
///   tail     0 <= tail <= 1
///   a, b     at least 1
///   returns  the x whose tail differs by less than what rounding x does, and the same bits whatever was
///            asked before
///   method   Newton for the tail, kept between bounds that bisection would have; start from a normal law of
///            the logarithm of the odds
///   cost     three to five incomplete Beta functions
double beta_upper_quantile(double tail, double a, double b);

/// Quantiles of posteriors under Beta(1, 1), remembered: of many arms, in many lanes, most ask what another
/// has asked just before. Private state of one block.
class PosteriorQuantiles {
 public:
  /// beta_upper_quantile(tail, successes + 1, failures + 1)
  double upper(double tail, double successes, double failures);

 private:
  static constexpr int kBits = 12;
  struct Known {
    double tail = -1, successes = 0, failures = 0, quantile = 0;
  };
  std::vector<Known> known_ = std::vector<Known>(1u << kBits);  // the last one of each hash
};

}  // namespace windtunnel

#pragma once

#include <string>

#include "windtunnel/measures/lane_sums.hpp"
#include "windtunnel/measures/measure.hpp"

/// From tallied integers to values with their Monte Carlo errors: in doubles only at the very end.
namespace windtunnel {

/// Level of every reported interval.
inline constexpr double kConfidence = 0.95;

inline constexpr const char* kNoReplications = "no replications";
inline constexpr const char* kTooFewReplications = "fewer than 2 replications";
inline constexpr const char* kNoTest = "the rule does not test";

/// A measure without a value, and why.
Value absent(std::string reason);

/// A proportion: mcse sqrt(p (1 - p) / count), Wilson interval.
///   hits   0 <= hits <= count
///   count  > 0
Value share_value(i128 hits, i128 count);

/// A mean: mcse from the unbiased variance, normal interval. The variance is taken from integers of up to 256
/// bits, so that a large mean costs no digits.
///   moments  of `count` numbers on `grid`
///   count    fewer than 2 give an absent value with reason `too_few`: one number has no error
Value mean_value(const Moments& moments, i128 count, const Grid& grid, const char* too_few);

/// count * squares - sum^2 >= 0, the sum of all squared pair differences: exact, then rounded to a double.
double pairwise_spread(const Moments& moments, i128 count);

/// A value with a normal interval.
Value normal_value(double value, double mcse, i64 replications);

}  // namespace windtunnel

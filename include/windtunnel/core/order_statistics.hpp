#pragma once

#include <span>

#include "windtunnel/core/types.hpp"

/// Order statistics of numbers of which some are zeros that nobody wrote down.
namespace windtunnel {

/// Rank k of the p-quantile of n numbers: the k-th smallest is the smallest x of which a share of at least p
/// is not larger.
///   p        0 < p < 1, taken for a decimal: what n p misses of a whole number by its rounding is not
///   counted n        >= 1 returns  ceil(n p), 1 ... n source   Hyndman & Fan (1996), Am. Stat. 50:361,
///   definition 1
i64 quantile_rank(double p, i64 n);

/// The k-th smallest of `values` and `zeros` zeros together, k = 1, 2 ...; puts the values into another
/// order.
///   values   none is 0
double order_statistic(std::span<double> values, i64 zeros, i64 k);

}  // namespace windtunnel

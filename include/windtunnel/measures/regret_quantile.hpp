#pragma once

#include <memory>

#include "windtunnel/measures/measure.hpp"

namespace windtunnel {

/// Quantiles .1, .5, .9 and .99 of regret over replications: bandit regret is skewed, so that its mean alone
/// misleads. From a histogram of thirty-two cells per doubling, inside which regret counts as spread evenly:
/// a quantile is known to 3 % of itself. Below 2^-32 of the largest regret there could be, regret counts as
/// 0.
///
/// The interval is the distribution-free one between two order statistics, as of users_quantile, out to the
/// ends of the cells they lie in.
///   source  David & Nagaraja (2003), Order Statistics, 3rd ed., section 7.1
std::unique_ptr<Measure> make_regret_quantile();

}  // namespace windtunnel

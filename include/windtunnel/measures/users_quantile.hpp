#pragma once

#include <memory>

#include "windtunnel/measures/measure.hpp"

namespace windtunnel {

/// Quantiles .1, .5, .9 and .99 of the users exposed until the end: the least number of users within which at
/// least that share of the replications has ended. Exact, from a histogram over looks.
///
/// The interval is the distribution-free one between two order statistics, whose ranks lie 1.96 binomial
/// standard errors beside that of the quantile; its width / 3.92 is given as the error.
///   source  David & Nagaraja (2003), Order Statistics, 3rd ed., section 7.1
std::unique_ptr<Measure> make_users_quantile();

}  // namespace windtunnel

#pragma once

#include "windtunnel/core/distribution.hpp"
#include "windtunnel/core/intervals.hpp"

namespace windtunnel {

/// The part of `within` that the law's own minimum and maximum leave.
Interval narrowed(const Distribution& law, Interval within);

/// Probability that a law, its own truncation included, gives a value inside `within`.
double mass_within(const Distribution& law, Interval within);

}  // namespace windtunnel

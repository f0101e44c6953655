#pragma once

#include <vector>

#include "support/slow_team.hpp"
#include "support/slow_traffic.hpp"

namespace windtunnel {

/// What is known on day `today` of the users who have come, arm by arm, as a strategy sees them.
///   metric  whose values; -1: the outcome
std::vector<SlowArm> slow_view(const SlowWorld& world, const SlowStrategy& strategy,
                               const std::vector<SlowUser>& come, int today, int metric = -1);

/// The same of everything that the strategy tests: the outcome, and all metrics if it tests them.
std::vector<std::vector<SlowArm>> slow_panels(const SlowWorld& world, const SlowStrategy& strategy,
                                              const std::vector<SlowUser>& come, int today);

}  // namespace windtunnel

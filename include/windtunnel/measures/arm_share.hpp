#pragma once

#include <memory>

#include "windtunnel/measures/measure.hpp"

namespace windtunnel {

/// Share of the first 1, 2, 5, 10, ... users of the horizon that were served each arm, where a policy learns
/// and there are at most sixteen arms; absent elsewhere. `at` is "users/arm".
std::unique_ptr<Measure> make_arm_share();

}  // namespace windtunnel

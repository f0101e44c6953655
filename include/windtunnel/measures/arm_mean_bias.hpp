#pragma once

#include <memory>

#include "windtunnel/measures/measure.hpp"

namespace windtunnel {

/// Per arm: mean of the observed mean minus the mean of the true means of the same users, over the
/// replications in which the arm had users. Adaptive allocation and optional stopping make it differ from 0.
std::unique_ptr<Measure> make_arm_mean_bias();

}  // namespace windtunnel

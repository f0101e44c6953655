#pragma once

#include <memory>

#include "windtunnel/measures/measure.hpp"

namespace windtunnel {

/// Share of the strategy's own intervals (ends included) that contain the estimand, the lasting effect of the
/// arm they speak of or what else the test estimates. Replications without any evidence have no interval and
/// do not count.
std::unique_ptr<Measure> make_coverage();

}  // namespace windtunnel

#pragma once

#include <memory>

#include "windtunnel/measures/measure.hpp"

namespace windtunnel {

/// Share of replications in which at least one hypothesis is rejected, in either direction: false positives
/// where there is nothing to find, power where there is.
std::unique_ptr<Measure> make_rejection_rate();

}  // namespace windtunnel

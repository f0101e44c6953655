#pragma once

#include <memory>

#include "windtunnel/measures/measure.hpp"

namespace windtunnel {

/// Shares of replications by how the experiment ended; the three add to 1.
std::unique_ptr<Measure> make_ship_rate();
std::unique_ptr<Measure> make_keep_rate();
std::unique_ptr<Measure> make_undecided_rate();

/// Share that a guard breaks off: part of the undecided ones.
std::unique_ptr<Measure> make_abort_rate();

}  // namespace windtunnel

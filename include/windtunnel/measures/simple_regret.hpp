#pragma once

#include <memory>

#include "windtunnel/measures/measure.hpp"

namespace windtunnel {

/// How far the lasting mean of the arm served after the end falls short of the best one's. Absent in null
/// cells.
std::unique_ptr<Measure> make_simple_regret();

}  // namespace windtunnel

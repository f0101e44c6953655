#pragma once

#include "windtunnel/measures/measure.hpp"

namespace windtunnel {

/// Direction * lasting mean against control, of the arm served after the end and of the best of all others.
///   served, best_other  [lane]; without another arm minus infinity
void compare_served(const Judged& judged, double* served, double* best_other);

}  // namespace windtunnel

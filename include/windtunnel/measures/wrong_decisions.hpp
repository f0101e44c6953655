#pragma once

#include <memory>

#include "windtunnel/measures/measure.hpp"

namespace windtunnel {

/// Decisions judged by the lasting effect D_a against control, direction * (D_a - margin_a) > 0 being worth
/// shipping (without a margin: better than control).

/// Share of replications that ship a treatment not worth shipping; absent when every treatment is worth it.
std::unique_ptr<Measure> make_wrong_ship_rate();

/// Share of replications that ship nothing although some treatment is worth shipping; absent when none is.
std::unique_ptr<Measure> make_missed_rate();

/// Share of replications in which the arm served after the end has the largest lasting mean; ties count as
/// correct. Absent in null cells.
std::unique_ptr<Measure> make_correct_rate();

}  // namespace windtunnel

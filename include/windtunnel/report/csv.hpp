#pragma once

#include <string>

#include "windtunnel/report/report.hpp"

namespace windtunnel {

/// Tidy CSV, one row per value, with a header: scenario, scenario_hash, cell, the sweep's axes, strategy,
/// versus, measure, at, value, mcse, conf_low, conf_high, replications, note.
///   versus  the other strategy of a paired difference (strategy minus versus); its row is followed by one of
///           `variance_ratio` with that measure's name as `at` (PairedDifference::variance_ratio)
///   note    why a value is empty
///   quoting of RFC 4180, lines end in "\n"; numbers are the shortest text that reads back as the same double
std::string csv_text(const Report& report);

}  // namespace windtunnel

#pragma once

#include <string>
#include <vector>

#include "page.hpp"
#include "windtunnel/report/number_format.hpp"

/// Which measures a cell shows to a reader in a hurry, and under which words.
namespace windtunnel {

/// A measure as a heading of the narrow layout.
struct Topic {
  const char* measure;
  const char* heading;
  Unit unit;
  int most_decimals;
  Rejection rejection = Rejection::none;  ///< of rejection_rate: only strategies for which it means this
  int drop = 0;
};

/// Index into Report::cells of the cell of this kind at a grid point; -1 without one.
int cell_at(const Report& report, int grid, MeasureSetting::Cell kind);

/// Topics of a cell that have a value for some strategy. `users' loss` is among them only where false
/// positives (or what stands for them) are shown beside it.
std::vector<Topic> topics_of(const Report& report, int cell);

/// The value of a topic for a strategy; nullptr where it has none.
const Value* topic_value(const Report& report, int cell, int strategy, const Topic& topic);

/// ▲ or ✗ behind a rate of false positives that lies above alpha by more than its error; else empty.
///   by_how_much  whether ▲ is followed by "4.4 × α"
enum class Excess { marked, told };
std::string excess_mark(const Report& report, int cell, int strategy, Excess excess);

/// "NO EFFECT", "LASTING EFFECT +15 %", "EFFECTS DRAWN".
std::string cell_heading(const Report& report, int cell);

/// Names of the strategies of a cell, safe to print.
std::vector<std::string> strategy_names(const Report& report, int cell);

}  // namespace windtunnel

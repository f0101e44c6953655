#pragma once

#include <string>
#include <vector>

#include "windtunnel/engine/runner.hpp"

namespace windtunnel {

/// What was measured in one cell.
struct MeasuredCell {
  int grid = 0;  ///< index into Scenario::grid
  MeasureSetting::Cell kind = MeasureSetting::Cell::null;
  std::vector<std::vector<MeasureValues>> strategies;  ///< [strategy][measure], registry order
  std::vector<PairedDifference> pairs;  ///< every pair of strategies, every measure that can be paired
};

/// Whether a stated expectation came true.
struct ExpectationResult {
  enum class State { holds, fails, undecided };

  State state = State::undecided;
  std::string sentence;         ///< what was expected, what was seen, with its error
  i64 replications_needed = 0;  ///< when undecided: about how many replications would tell
};

/// Everything that a run has to say, as numbers.
struct Result {
  i64 replications = 0;
  std::vector<MeasuredCell> cells;              ///< [Study::cells]
  std::vector<ExpectationResult> expectations;  ///< [Scenario::expectations]
  std::vector<std::string> lints;               ///< id first
};

/// Reads all measures back from the tallies of what has been replayed.
std::vector<MeasuredCell> measured_cells(const Study& study, const Progress& progress);

/// The same, with the expectations judged and what lints find.
Result measure(const Scenario& scenario, const Study& study, const Progress& progress);

/// The value of a measure of a strategy in a cell; nullptr when there is none of that name (or `at`).
const Value* find_value(const MeasuredCell& cell, int strategy, const std::string& measure,
                        const std::string& at = "");

/// Three-valued judgement of every expectation (scenario.md section 1): e = sqrt(v(1-v)/R) at the reference
/// for proportions, else the Monte Carlo error, and the paired error against another strategy.
std::vector<ExpectationResult> judge_expectations(const Scenario& scenario,
                                                  const std::vector<MeasuredCell>& cells);

}  // namespace windtunnel

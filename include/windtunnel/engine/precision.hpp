#pragma once

#include "windtunnel/engine/result.hpp"

namespace windtunnel {

/// How a run to a precision ended.
struct PrecisionResult {
  bool reached = false;   ///< false: max_replications came first (exit status 3)
  int checkpoint = 0;     ///< j of the checkpoint that ended it
  double level = 0;       ///< level of the interval at that checkpoint: 1 - .05 * 6 / (pi^2 j^2)
  double half_width = 0;  ///< largest half-width over cells and strategies at that level
};

/// Replays until the measure's interval is narrow enough in every cell and strategy. Checkpoints stand at
/// 10^4 * 2^(j-1) replications; their levels add up to .95 at least over all looks at the error itself. Cells
/// in which the measure has no meaning are passed over.
///   throws  InputError when the first checkpoint finds no value of the measure anywhere
PrecisionResult replay_to_precision(const Scenario& scenario, const Study& study, Progress& progress,
                                    const RunnerOptions& options);

/// Gives the values of the measure the interval that ended the run, in place of the one of 95 %.
void report_at_level(Result& result, const std::string& measure, double level);

}  // namespace windtunnel

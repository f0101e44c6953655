#pragma once

#include <optional>
#include <vector>

#include "windtunnel/engine/precision.hpp"
#include "windtunnel/engine/result.hpp"
#include "windtunnel/engine/scenario.hpp"

namespace windtunnel {

/// What it means in a cell that a strategy rejects.
enum class Rejection {
  none,                    ///< it does not test, or truths are drawn per replication
  false_positive,          ///< its null hypothesis holds for every user: compared with alpha
  without_lasting_effect,  ///< no lasting effect, but transients differ between the arms
  power,                   ///< there is something to find
};

/// What the tables must know of a strategy in a cell, beside its numbers.
struct StrategyFacts {
  Rejection rejection = Rejection::none;
  double alpha = 0.05;
};

struct CellFacts {
  int experiment = 0;                     ///< index into Progress::tallies; equal null twins share one
  std::vector<StrategyFacts> strategies;  ///< [strategy]
};

/// Everything that is said of one run, however it is written. Refers to what it was made of.
struct Report {
  const Scenario& scenario;
  const Result& result;
  std::vector<CellFacts> cells;  ///< [Result::cells]
  i64 asked = 0;                 ///< replications asked for; more than Result::replications = partial
  std::optional<PrecisionResult> precision;  ///< when the run went on to a precision
};

/// Gathers a report; `asked` is what a complete run (or shard) would hold.
Report make_report(const Scenario& scenario, const Study& study, const Result& result, i64 asked);

}  // namespace windtunnel

#include "support/rehearsal.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "support/sample_files.hpp"

namespace windtunnel {

Value Rehearsal::value(const std::string& cell, const std::string& strategy, const std::string& measure,
                       const std::string& at, int grid) const {
  for (const MeasuredCell& measured : result.cells) {
    if (measured.grid != grid || cell_name(measured.kind) != cell) continue;
    const auto& strategies = scenario.grid[static_cast<std::size_t>(grid)].strategies;
    for (std::size_t s = 0; s < strategies.size(); ++s) {
      if (strategies[s].name != strategy) continue;
      const Value* found = find_value(measured, static_cast<int>(s), measure, at);
      if (found == nullptr) throw std::logic_error("no value of " + measure + " at '" + at + "'");
      if (!found->absent.empty()) throw std::logic_error(measure + " is absent: " + found->absent);
      return *found;
    }
  }
  throw std::logic_error("no strategy '" + strategy + "' in cell " + cell);
}

Rehearsal rehearse(const std::string& scenario_text, EngineOptions engine, RunnerOptions runner) {
  Rehearsal rehearsal;
  rehearsal.scenario = read_scenario(scenario_text, "test", registry(), {}, sample_file);
  rehearsal.study = compile(rehearsal.scenario, registry(), engine);
  rehearsal.progress = Progress::nothing(rehearsal.study);
  replay(rehearsal.study, RangeSet({0, rehearsal.scenario.replications}), rehearsal.progress, runner);
  // As `measure` does, without lints, whose pilots would run the engine once more.
  Result& result = rehearsal.result;
  result.replications = rehearsal.progress.done.count();
  result.cells = measured_cells(rehearsal.study, rehearsal.progress);
  result.expectations = judge_expectations(rehearsal.scenario, result.cells);
  return rehearsal;
}

namespace {

/// Sanitized builds run few replications and look for other things.
bool can_tell(double band, double resolution) {
  return kSanitized || band <= resolution;
}

}  // namespace

bool agrees(const Value& seen, double expected, double tol, double resolution) {
  const auto n = static_cast<double>(seen.replications);
  const double p = std::clamp(expected, 0.0, 1.0);
  const double error = seen.kind == Value::Kind::proportion ? std::sqrt(p * (1 - p) / n) : seen.mcse;
  if (resolution == 0) resolution = 0.1 * std::fabs(expected);
  return can_tell(4 * error, std::max(tol, resolution)) &&
         std::fabs(seen.value - expected) <= tol + 4 * error;
}

i64 affordable(i64 replications) {
  return kSanitized ? std::max<i64>(replications / 50, std::min<i64>(replications, 200)) : replications;
}

i64 comparable(i64 replications) {
  constexpr i64 kFew = 40;
  return kSanitized ? kFew : replications;
}

}  // namespace windtunnel

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "windtunnel/engine/result.hpp"

namespace windtunnel {

namespace {

using Kind = Expectation::Kind;
using State = ExpectationResult::State;

/// What an expectation compares in one cell: the value seen, what it is held against, and the error of their
/// distance.
struct Comparison {
  double seen = 0, reference = 0, error = 0;
  i64 replications = 0;
  std::string absent;  ///< why there is nothing to compare
};

int strategy_index(const GridPoint& point, const std::string& name) {
  const auto found = std::find_if(point.strategies.begin(), point.strategies.end(),
                                  [&](const Strategy& strategy) { return strategy.name == name; });
  return static_cast<int>(found - point.strategies.begin());
}

bool speaks_of(const Expectation& expectation, const Scenario& scenario, const MeasuredCell& cell) {
  if (!expectation.cell.empty() && expectation.cell != cell_name(cell.kind)) return false;
  const GridPoint& point = scenario.grid[static_cast<std::size_t>(cell.grid)];
  for (std::size_t a = 0; a < scenario.axes.size(); ++a) {
    const auto wanted = expectation.at.find(scenario.axes[a]);
    if (wanted != expectation.at.end() && wanted->second != point.coordinates[a]) return false;
  }
  return true;
}

/// Mean difference of two strategies in a measure, first minus second.
const Value* find_pair(const MeasuredCell& cell, int first, int second, const std::string& measure,
                       double& sign) {
  for (const PairedDifference& pair : cell.pairs) {
    if (pair.measure != measure) continue;
    sign = pair.strategy == first ? 1 : -1;
    if ((pair.strategy == first && pair.versus == second) ||
        (pair.strategy == second && pair.versus == first))
      return &pair.value;
  }
  return nullptr;
}

Comparison compare(const Expectation& expectation, const GridPoint& point, const MeasuredCell& cell) {
  const int strategy = strategy_index(point, expectation.strategy);
  const Value* seen = find_value(cell, strategy, expectation.measure);
  if (seen == nullptr || !seen->absent.empty())
    return {.absent = seen == nullptr ? "there is no such value" : seen->absent};
  Comparison comparison{seen->value, expectation.value, seen->mcse, seen->replications, ""};
  if (!expectation.other.empty()) {
    double sign = 1;
    const Value* pair =
        find_pair(cell, strategy, strategy_index(point, expectation.other), expectation.measure, sign);
    if (pair == nullptr || !pair->absent.empty())
      return {.absent = "this measure cannot be compared between two strategies"};
    comparison.reference = seen->value - sign * pair->value;
    comparison.error = pair->mcse;
  } else if (seen->kind == Value::Kind::proportion) {
    const double reference = std::clamp(expectation.value, 0.0, 1.0);
    comparison.error = std::sqrt(reference * (1 - reference) / static_cast<double>(seen->replications));
  }
  return comparison;
}

/// Replications that may agree by chance, so that an error of 0 says nothing.
constexpr i64 kFew = 30;

/// scenario.md section 1: near fails beyond within + 4e, is undecided while 4e > within, else holds; at_most
/// fails if value - 4e > bound + within, holds if value + 4e <= bound + within; at_least mirrored.
State judge(const Expectation& expectation, const Comparison& seen) {
  const double reach = 4 * seen.error;
  const double distance = seen.seen - seen.reference;
  if (seen.error == 0 && seen.replications < kFew) return State::undecided;
  if (expectation.kind == Kind::near) {
    if (std::fabs(distance) > expectation.within + reach) return State::fails;
    return reach > expectation.within ? State::undecided : State::holds;
  }
  const double above = expectation.kind == Kind::at_most ? distance : -distance;
  if (above - reach > expectation.within) return State::fails;
  return above + reach <= expectation.within ? State::holds : State::undecided;
}

/// Replications at which the error would be small enough to tell, as errors fall with the square root.
i64 replications_needed(const Expectation& expectation, const Comparison& seen) {
  if (seen.error == 0) return kFew;
  const double distance = std::fabs(seen.seen - seen.reference);
  const double room = expectation.kind == Kind::near
                          ? expectation.within
                          : std::max(std::fabs(expectation.within - distance), seen.error / 8);
  if (room <= 0) return 0;
  const double factor = 4 * seen.error / room;
  return static_cast<i64>(std::ceil(static_cast<double>(seen.replications) * factor * factor));
}

std::string sentence(const Expectation& expectation, const Scenario& scenario, const MeasuredCell& cell,
                     const Comparison& seen) {
  const GridPoint& point = scenario.grid[static_cast<std::size_t>(cell.grid)];
  std::string place = cell_name(cell.kind);
  for (std::size_t a = 0; a < scenario.axes.size(); ++a)
    place += fmt::format(", {} = {}", scenario.axes[a], point.coordinates[a]);
  const char* relation = expectation.kind == Kind::near      ? "near"
                         : expectation.kind == Kind::at_most ? "at most"
                                                             : "at least";
  const std::string reference = expectation.other.empty()
                                    ? fmt::format("{:.6g}", expectation.value)
                                    : fmt::format("that of '{}' ({:.6g})", expectation.other, seen.reference);
  const std::string head = fmt::format("{} of '{}' ({}) {} {}", expectation.measure, expectation.strategy,
                                       place, relation, reference);
  const std::string within = expectation.within > 0 ? fmt::format(" within {:.6g}", expectation.within) : "";
  if (!seen.absent.empty()) return fmt::format("{}{}: no value, {}", head, within, seen.absent);
  return fmt::format("{}{}: {:.6g}, error {:.2g}", head, within, seen.seen, seen.error);
}

int severity(State state) {
  return state == State::fails ? 2 : state == State::undecided ? 1 : 0;
}

}  // namespace

std::vector<ExpectationResult> judge_expectations(const Scenario& scenario,
                                                  const std::vector<MeasuredCell>& cells) {
  std::vector<ExpectationResult> results;
  for (const Expectation& expectation : scenario.expectations) {
    std::optional<ExpectationResult> worst;
    for (const MeasuredCell& cell : cells) {
      if (!speaks_of(expectation, scenario, cell)) continue;
      const Comparison seen = compare(expectation, scenario.grid[static_cast<std::size_t>(cell.grid)], cell);
      ExpectationResult result{seen.absent.empty() ? judge(expectation, seen) : State::fails,
                               sentence(expectation, scenario, cell, seen), 0};
      if (result.state == State::undecided)
        result.replications_needed = replications_needed(expectation, seen);
      if (!worst || severity(result.state) > severity(worst->state)) worst = result;
    }
    results.push_back(worst.value_or(ExpectationResult{State::fails, "no cell is spoken of", 0}));
  }
  return results;
}

}  // namespace windtunnel

#include "windtunnel/engine/precision.hpp"

#include <algorithm>
#include <optional>

#include "windtunnel/core/error.hpp"
#include "windtunnel/core/intervals.hpp"

namespace windtunnel {

namespace {

constexpr i64 kFirstCheckpoint = 10'000;

/// Level of the interval at checkpoint j: the chances of missing add up to .05 over all checkpoints.
double level_at(int j) {
  constexpr double kPiSquared = 9.869604401089358;
  return 1 - 0.05 * 6 / (kPiSquared * j * j);
}

/// A value's interval; Wilson's for proportions, so that no hits are not taken for certainty.
Interval interval_of(const Value& value, double level) {
  if (value.kind == Value::Kind::proportion) {
    const auto hits = static_cast<i64>(value.value * static_cast<double>(value.replications) + 0.5);
    return wilson_interval(hits, value.replications, level);
  }
  return normal_interval(value.value, value.mcse, level);
}

/// Calls `visit(value)` for every value of a measure.
template <class Cells, class Visit>
void for_each_value(Cells& cells, const std::string& measure, Visit&& visit) {
  for (auto& cell : cells)
    for (auto& strategy : cell.strategies)
      for (auto& measured : strategy)
        if (measured.measure == measure)
          for (auto& value : measured.values) visit(value);
}

/// Half the widest interval of the measure over the cells and strategies that have one.
double widest(const Scenario& scenario, const Study& study, const Progress& progress, double level) {
  std::optional<double> widest;
  std::string reason = "nothing was measured";
  const std::vector<MeasuredCell> cells = measured_cells(study, progress);
  for_each_value(cells, scenario.precision->measure, [&](const Value& value) {
    if (!value.absent.empty()) {
      reason = value.absent;
      return;
    }
    const Interval interval = interval_of(value, level);
    widest = std::max(widest.value_or(0), (interval.high - interval.low) / 2);
  });
  if (!widest)
    throw InputError("/precision/measure", scenario.precision->measure + " has no value anywhere after " +
                                               std::to_string(progress.done.count()) +
                                               " replications: " + reason);
  return *widest;
}

bool is_stopped(const RunnerOptions& options) {
  return options.stop != nullptr && options.stop->load() != 0;
}

}  // namespace

PrecisionResult replay_to_precision(const Scenario& scenario, const Study& study, Progress& progress,
                                    const RunnerOptions& options) {
  const Precision& wanted = *scenario.precision;
  PrecisionResult result;
  i64 checkpoint = kFirstCheckpoint;
  for (int j = 1;; ++j, checkpoint *= 2) {
    const i64 end = std::min(checkpoint, wanted.max_replications);
    if (end < wanted.max_replications && progress.done.overlaps({end, kMostReplications - end}))
      continue;  // an earlier run has passed this one
    replay(study, progress.done.missing_from({0, end}), progress, options);
    if (progress.done.missing_from({0, end}).count() > 0) return result;  // stopped
    result.checkpoint = j;
    result.level = level_at(j);
    result.half_width = widest(scenario, study, progress, result.level);
    result.reached = result.half_width <= wanted.half_width;
    if (result.reached || end == wanted.max_replications || is_stopped(options)) return result;
  }
}

void report_at_level(Result& result, const std::string& measure, double level) {
  for_each_value(result.cells, measure, [level](Value& value) {
    if (!value.absent.empty()) return;
    const Interval interval = interval_of(value, level);
    value.conf_low = interval.low;
    value.conf_high = interval.high;
  });
}

}  // namespace windtunnel

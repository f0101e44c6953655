#include "windtunnel/engine/precision.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "windtunnel/core/intervals.hpp"
#include "windtunnel/core/math.hpp"
#include "windtunnel/engine/result.hpp"

namespace windtunnel {

namespace {

constexpr i64 kFirstCheckpoint = 10'000;

/// Level of the interval at checkpoint j: the chances of missing add up to .05 over all checkpoints.
double level_at(int j) {
  constexpr double kPiSquared = 9.869604401089358;
  return 1 - 0.05 * 6 / (kPiSquared * j * j);
}

/// Half the length of a value's interval; Wilson's for proportions, so that no hits are not taken for
/// certainty.
double half_width(const Value& value, double level) {
  if (value.kind == Value::Kind::mean) return math::normal_quantile(0.5 + level / 2) * value.mcse;
  const auto hits = static_cast<i64>(value.value * static_cast<double>(value.replications) + 0.5);
  const Interval interval = wilson_interval(hits, value.replications, level);
  return (interval.high - interval.low) / 2;
}

/// Widest interval of the measure over the cells and strategies that have one; infinite while none has.
double widest(const Scenario& scenario, const Study& study, const Progress& progress, double level) {
  std::optional<double> widest;
  for (const MeasuredCell& cell : measure(scenario, study, progress).cells)
    for (std::size_t s = 0; s < cell.strategies.size(); ++s)
      for (const MeasureValues& measured : cell.strategies[s])
        if (measured.measure == scenario.precision->measure)
          for (const Value& value : measured.values)
            if (value.absent.empty()) widest = std::max(widest.value_or(0), half_width(value, level));
  return widest.value_or(std::numeric_limits<double>::infinity());
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
    result.checkpoint = j;
    result.level = level_at(j);
    result.half_width = widest(scenario, study, progress, result.level);
    result.reached =
        result.half_width <= wanted.half_width && progress.done.missing_from({0, end}).count() == 0;
    if (result.reached || end == wanted.max_replications || is_stopped(options)) return result;
  }
}

}  // namespace windtunnel

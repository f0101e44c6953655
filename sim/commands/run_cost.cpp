#include "run_cost.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>

namespace windtunnel {

namespace {

constexpr std::size_t kMostTimed = 32;   // experiments; a sweep's others are taken to be like them
constexpr double kSeconds = 0.3;         // for all experiments together
constexpr double kBytesPerValue = 1600;  // measured: of a result while it is written as JSON

/// Seconds of one replication of an experiment. Drawing by vectors is fast where there are many at once, so
/// more and more are run until that has taken long enough, and the last run is what counts.
double seconds_per_replication(const Experiment& experiment, double enough) {
  using Clock = std::chrono::steady_clock;
  constexpr i64 kMost = i64{1} << 20;
  Tally tally = experiment.empty_tally();
  i64 done = 0;
  double total = 0;
  for (i64 count = 1;; count *= 2) {
    const auto start = Clock::now();
    experiment.run({done, count}, tally);
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    done += count;
    total += seconds;
    if (total >= enough || done >= kMost) return seconds / static_cast<double>(count);
  }
}

/// Values that are measured in one cell, with those of the pairs of strategies.
double values_of(const Experiment& experiment) {
  const Tally tally = experiment.empty_tally();
  auto values = static_cast<double>(experiment.layout().read_pairs(tally).size());
  for (std::size_t s = 0; s < experiment.strategies().size(); ++s)
    for (const MeasureValues& measure : experiment.layout().read(tally, static_cast<int>(s)))
      values += static_cast<double>(measure.values.size());
  return values;
}

/// Most memory the process has needed until now, in bytes.
double peak_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
#ifdef __APPLE__
  return static_cast<double>(usage.ru_maxrss);
#else
  return static_cast<double>(usage.ru_maxrss) * 1024;
#endif
}

}  // namespace

RunCost estimate_cost(const Study& study, int threads) {
  const std::size_t count = study.experiments.size();
  const std::size_t stride = (count / kMostTimed) | 1;  // odd: null twins and effects take turns
  const auto timed = static_cast<double>((count + stride - 1) / stride);
  double seconds = 0, values = 0, tallies = 0, blocks = 0;
  for (std::size_t e = 0; e < count; e += stride) {
    const Experiment& experiment = *study.experiments[e];
    seconds += seconds_per_replication(experiment, kSeconds / timed);
    values += values_of(experiment);
    tallies += static_cast<double>(experiment.layout().slots()) * sizeof(i128);
    blocks = std::max(blocks, experiment.block_bytes());
  }
  const double rendering = kBytesPerValue * values / timed * static_cast<double>(study.cells.size());
  const double kept = tallies / timed * static_cast<double>(count) * threads;
  return {seconds / timed * static_cast<double>(count), peak_memory() + kept + rendering + blocks * threads};
}

}  // namespace windtunnel

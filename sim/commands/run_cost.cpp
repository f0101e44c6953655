#include "run_cost.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace windtunnel {

namespace {

constexpr std::size_t kMostTimed = 32;   // experiments; a sweep's others are taken to be like them
constexpr double kSeconds = 0.3;         // for all experiments together
constexpr double kBytesPerValue = 1600;  // measured: of a result while it is written as JSON

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

/// Breaks off streams that take long: what is left of them is taken to be like what was seen.
class Stopwatch final : public Recorder {
 public:
  explicit Stopwatch(double most_per_stream) : most_(most_per_stream) {}

  void looked(int, int, const Observed&, const Evidence&, const Calls&) override {}
  void ended(i64, std::span<const Endings* const>, const Truth&) override {}

  bool goes_on(const Timeline& timeline, const Step& step) override {
    const Clock::time_point before = std::exchange(last_, Clock::now());
    if (step.index == 0) stream_start_ = before;
    const double seen = Seconds(last_ - stream_start_).count();
    if (seen < most_ || step.users_after == timeline.end()) return true;
    left_out_ +=
        seen * static_cast<double>(timeline.end() - step.users_after) / static_cast<double>(step.users_after);
    return false;
  }

  double taken() const { return Seconds(Clock::now() - start_).count(); }
  double left_out() const { return left_out_; }

 private:
  double most_, left_out_ = 0;
  Clock::time_point start_ = Clock::now(), last_ = start_, stream_start_ = start_;
};

/// Seconds of one replication of an experiment. Drawing by vectors is fast where there are many at once, so
/// more and more are run until that has taken long enough, and the last run is what counts. Where a single
/// one takes long, runs are broken off until a block of them is full, unless their steps are so long that
/// this takes much longer than it should.
///   block   most that are run at once
///   enough  seconds of all runs, or of one that is broken off
double seconds_per_replication(const Experiment& experiment, i64 block, double enough) {
  constexpr i64 kMost = i64{1} << 20;
  const double most_per_stream = enough / static_cast<double>(experiment.streams().size());
  Tally tally = experiment.empty_tally();
  double total = 0;
  for (i64 done = 0, count = 1;; count = count < block ? std::min(4 * count, block) : 2 * count) {
    Stopwatch watch(most_per_stream);
    experiment.run({done, count}, tally, &watch);
    const double taken = watch.taken();
    const double each = (taken + watch.left_out()) / static_cast<double>(count);
    done += count;
    total += taken;
    const bool can_be_more = count < block && taken < 1.5 * enough && total < 6 * enough;
    if ((total >= enough && !can_be_more) || done >= kMost) return each;
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

RunCost estimate_cost(const Study& study, i64 replications, int threads) {
  const std::size_t count = study.experiments.size();
  const std::size_t stride = (count / kMostTimed) | 1;  // odd: null twins and effects take turns
  const auto timed = static_cast<double>((count + stride - 1) / stride);
  double seconds = 0, values = 0, tallies = 0, blocks = 0;
  for (std::size_t e = 0; e < count; e += stride) {
    const Experiment& experiment = *study.experiments[e];
    const i64 block = std::min<i64>(experiment.block_size(), replications);
    seconds += seconds_per_replication(experiment, block, kSeconds / timed);
    values += values_of(experiment);
    tallies += static_cast<double>(experiment.layout().slots()) * sizeof(i128);
    blocks = std::max(blocks, experiment.block_bytes());
  }
  const double rendering = kBytesPerValue * values / timed * static_cast<double>(study.cells.size());
  const double kept = tallies / timed * static_cast<double>(count) * threads;
  return {seconds / timed * static_cast<double>(count), peak_memory() + kept + rendering + blocks * threads};
}

}  // namespace windtunnel

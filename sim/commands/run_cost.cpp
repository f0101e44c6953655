#include "run_cost.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "engine/pilot.hpp"

namespace windtunnel {

namespace {

constexpr std::size_t kMostTimed = 32;   // experiments; a sweep's others are taken to be like them
constexpr double kSeconds = 0.3;         // for all experiments together
constexpr double kBytesPerValue = 1600;  // measured: of a result while it is written as JSON

// Measured: in a block a unit of work takes 6 ns (sums) to 60 ns (ranks), and bootstraps are between them. A
// replication alone takes several times as long, up to 240 ns.
constexpr double kSecondsPerWork = 20e-9;
constexpr double kMostUnbroken = 2e7;  // work, for all experiments together: two to four seconds alone

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

/// What is known of an experiment before a replication of it is tried.
class Plan {
 public:
  /// A share of what all experiments together may take.
  Plan(const Experiment& experiment, double share)
      : experiment_(experiment), share_(share / static_cast<double>(experiment.streams().size())) {
    for (const StreamGroup& group : experiment.streams()) works_.emplace_back(experiment, group);
  }

  const Experiment& experiment() const { return experiment_; }

  /// Of all runs of it, or of a stream that is broken off.
  double seconds() const { return kSeconds * share_ * static_cast<double>(works_.size()); }
  double seconds_of_stream() const { return kSeconds * share_; }

  /// Whether every stream comes to the end of its first step, where it can be broken off, before long.
  bool can_begin() const {
    return std::ranges::all_of(works_, [this](const StreamWork& work) { return is_short(work, 0); });
  }

  /// Whether the step that begins after so many users takes not long.
  bool is_short(const StreamWork& work, i64 users) const {
    return work.step_after(users) <= kMostUnbroken * share_;
  }

  const StreamWork& work_along(const Timeline& timeline) const {
    const auto is_it = [&](const StreamGroup& group) { return &group.timeline == &timeline; };
    const auto& streams = experiment_.streams();
    return works_[static_cast<std::size_t>(std::ranges::find_if(streams, is_it) - streams.begin())];
  }

 private:
  const Experiment& experiment_;
  double share_;  // of one stream
  std::vector<StreamWork> works_;
};

/// Breaks off streams that take long: what is left of them is taken to need as long for its work as what was
/// seen. Streams that are going to take long with a single step are given up.
class Stopwatch final : public Recorder {
 public:
  explicit Stopwatch(const Plan& plan) : plan_(plan) {}

  void looked(int, int, const Observed&, const Evidence&, const Calls&) override {}
  void ended(i64, std::span<const Endings* const>, const Truth&) override {}

  bool goes_on(const Timeline& timeline, const Step& step) override {
    const Clock::time_point before = std::exchange(last_, Clock::now());
    if (step.index == 0) stream_start_ = before;
    if (step.users_after == timeline.end()) return true;
    const double seen = Seconds(last_ - stream_start_).count();
    const StreamWork& work = plan_.work_along(timeline);
    const bool has_time = seen < plan_.seconds_of_stream();
    if (has_time && plan_.is_short(work, step.users_after)) return true;
    given_up_ = given_up_ || has_time;
    left_out_ += seen * (work.total() / work.until(step.users_after) - 1);
    return false;
  }

  double taken() const { return Seconds(Clock::now() - start_).count(); }
  double left_out() const { return left_out_; }
  bool given_up() const { return given_up_; }

 private:
  const Plan& plan_;
  double left_out_ = 0;
  bool given_up_ = false;
  Clock::time_point start_ = Clock::now(), last_ = start_, stream_start_ = start_;
};

/// Seconds of one replication of an experiment. Drawing by vectors is fast where there are many at once, so
/// more and more are run until that has taken long enough, and the last run is what counts. Where a single
/// one takes long, runs are broken off until a block of them is full, unless their steps are so long that
/// this takes much longer than it should. Nothing where a single step would take that long.
///   block  most that are run at once
std::optional<double> seconds_per_replication(const Plan& plan, i64 block) {
  if (!plan.can_begin()) return std::nullopt;
  constexpr i64 kMost = i64{1} << 20;
  const Experiment& experiment = plan.experiment();
  const double enough = plan.seconds();
  Tally tally = experiment.empty_tally();
  double total = 0;
  for (i64 done = 0, count = 1;; count = count < block ? std::min(4 * count, block) : 2 * count) {
    Stopwatch watch(plan);
    experiment.run({done, count}, tally, &watch);
    if (watch.given_up()) return std::nullopt;
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
  bool all_tried = true;
  for (std::size_t e = 0; e < count; e += stride) {
    const Experiment& experiment = *study.experiments[e];
    const i64 block = std::min<i64>(experiment.block_size(), replications);
    const std::optional<double> tried = seconds_per_replication({experiment, 1 / timed}, block);
    all_tried = all_tried && tried;
    seconds += tried.value_or(work_per_replication(experiment) * kSecondsPerWork);
    values += values_of(experiment);
    tallies += static_cast<double>(experiment.layout().slots()) * sizeof(i128);
    blocks = std::max(blocks, experiment.block_bytes());
  }
  const double rendering = kBytesPerValue * values / timed * static_cast<double>(study.cells.size());
  const double kept = tallies / timed * static_cast<double>(count) * threads;
  return {seconds / timed * static_cast<double>(count), peak_memory() + kept + rendering + blocks * threads,
          all_tried};
}

}  // namespace windtunnel

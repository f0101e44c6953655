#pragma once

#include <atomic>
#include <functional>
#include <vector>

#include "windtunnel/engine/ranges.hpp"
#include "windtunnel/engine/study.hpp"

namespace windtunnel {

/// What has been replayed so far: the same replications of every experiment of a study.
struct Progress {
  RangeSet done;
  std::vector<Tally> tallies;  ///< [experiment]

  static Progress nothing(const Study& study);

  /// Adds replications that were replayed elsewhere; throws std::logic_error on overlap or another shape.
  void add(const Progress& other);
};

/// Which threads do the work; both give the same bytes.
enum class Threads { tbb, standard };

struct RunnerOptions {
  int threads = 0;  ///< 0 = as many as the machine has
  Threads kind = Threads::tbb;
  i64 chunk = 0;  ///< replications of one task; 0 = chosen from the work there is

  /// Told now and then, from any thread but one at a time, how many replications are done.
  std::function<void(i64 replications)> on_progress{};

  /// When it becomes true no further chunk is started: what is finished is kept.
  const std::atomic<int>* stop = nullptr;
};

/// Replays `todo` of every experiment and adds it to `progress`, chunk by chunk; `todo` must not overlap what
/// is done. Memory does not depend on the number of replications beyond a few words per chunk.
void replay(const Study& study, const RangeSet& todo, Progress& progress, const RunnerOptions& options);

}  // namespace windtunnel

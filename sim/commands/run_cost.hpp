#pragma once

#include "windtunnel/engine/study.hpp"

namespace windtunnel {

/// What running a study takes.
struct RunCost {
  double seconds = 0;  ///< one replication of every experiment, on one thread
  double bytes = 0;    ///< with the result's JSON, which takes more than the other formats
  bool tried = true;   ///< false: trying would take too long, and the seconds follow from work alone
};

/// Estimates the cost of a run by replaying a little, for a third of a second or two seconds. Where a single
/// step takes longer, which nothing breaks off, work alone tells the time, within a factor of three or so.
///   replications, threads  of the run
RunCost estimate_cost(const Study& study, i64 replications, int threads);

}  // namespace windtunnel

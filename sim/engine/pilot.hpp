#pragma once

#include <vector>

#include "windtunnel/engine/experiment.hpp"

namespace windtunnel {

/// Work of one replication along one stream, about: values and totals drawn or gone over. A number of the
/// experiment alone, so that what it decides is the same on every machine.
class StreamWork {
 public:
  StreamWork(const Experiment& experiment, const StreamGroup& group);

  /// Until so many users have come, with the looks at them.
  double until(i64 users) const;

  double total() const { return until(users_); }

  /// Of the step that begins after so many users, at most.
  double step_after(i64 users) const;

 private:
  struct Look {
    i64 users;
    double work;
  };

  double drawn(i64 users) const;
  void add_looks(const StrategyPlan& plan, const StreamGroup& group, int arms);

  double drawn_;             // all that stream and policy do; each user takes as much as any other
  std::vector<Look> looks_;  // of all strategies, in the order of users; the end is one
  i64 users_, largest_round_;
};

/// Work of one replication of an experiment, all strategies together.
double work_per_replication(const Experiment& experiment);

}  // namespace windtunnel

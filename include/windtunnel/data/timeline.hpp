#pragma once

#include <vector>

#include "windtunnel/core/types.hpp"
#include "windtunnel/data/calendar.hpp"

namespace windtunnel {

/// A segment of the timeline with constant means, from `users_before` to `users_after` (users over all arms).
struct Step {
  int index = 0;  ///< the `time` of every random number drawn for it
  int epoch = 0;  ///< which set of means holds (World::epochs)
  int day = 0;    ///< calendar day of its last user, counted from 0
  i64 users_before = 0, users_after = 0;

  i64 users() const { return users_after - users_before; }
};

/// The steps of one stream: looks, rounds and changes of the means are ends of steps.
class Timeline {
 public:
  Timeline() = default;

  /// Cuts (0, end] at `cuts` (any order, repeats allowed; positions beyond `end` are ignored) and at the
  /// first users of the epochs.
  ///   epoch_starts  increasing, first is 0
  ///   calendar      tells the days of the steps; nullptr: all lie in day 0
  Timeline(std::vector<i64> cuts, const std::vector<i64>& epoch_starts, i64 end,
           const Calendar* calendar = nullptr);

  const std::vector<Step>& steps() const { return steps_; }
  i64 end() const { return steps_.empty() ? 0 : steps_.back().users_after; }

  /// Index of the step that ends at `position`; -1 if none does.
  int step_ending_at(i64 position) const;

 private:
  std::vector<Step> steps_;
};

}  // namespace windtunnel

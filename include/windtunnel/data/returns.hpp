#pragma once

#include <vector>

#include "windtunnel/data/calendar.hpp"

namespace windtunnel {

/// Users who come again: each on every later day of the experiment with one probability. Time is counted in
/// users, so on a day on which nobody comes for the first time nobody comes at all; the others' returns lie
/// at its start. Immutable.
class Returns {
 public:
  /// Nobody comes again.
  Returns() = default;

  ///   probability  of each later day, 0 ... 1
  Returns(double probability, const Calendar& calendar);

  double probability() const { return probability_; }

  /// Visits expected until `users` users have come, first visits included.
  double visits(i64 users) const;

  /// Visits that a user of the experiment is expected to make: the mean over all days of exposure, weighted
  /// by their users.
  double per_user() const { return per_user_; }

  /// Visits that a user can make at most.
  int most() const { return static_cast<int>(starts_.size()) + 1; }

 private:
  double probability_ = 0, per_user_ = 1;
  std::vector<i64> starts_;     // users before every later day of the experiment with users
  std::vector<double> so_far_;  // [i] sum of the first i starts
};

}  // namespace windtunnel

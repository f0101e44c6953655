#pragma once

#include <vector>

#include "windtunnel/core/schedule.hpp"
#include "windtunnel/core/types.hpp"

namespace windtunnel {

/// Days and users on one axis: positions count users over all arms, the same in every lane.
class Calendar {
 public:
  /// Users that come on day 0, 1, ...; fractions carry over: after d days floor(sum of the first d) have
  /// come. The first `experiment_days` days may hold the experiment, the rest is rollout.
  Calendar(std::vector<double> users_by_day, int experiment_days);

  int experiment_days() const { return experiment_days_; }
  int total_days() const { return static_cast<int>(users_after_.size()) - 1; }

  /// Users that have come after `days` complete days.
  i64 users_after(int days) const { return users_after_[static_cast<std::size_t>(days)]; }

  /// Users that have come after a moment inside a day; a day's users come evenly.
  i64 users_at(double days) const;

  /// Calendar days begun when `users` users have come (0 for none).
  int days_begun(i64 users) const;

  /// Look positions (strictly increasing numbers of users, the last one is the end of day `days`) of a
  /// schedule; moments beyond the end are dropped and counted in `*dropped` when given.
  std::vector<i64> positions(const Schedule& schedule, int days, int* dropped = nullptr) const;

 private:
  std::vector<i64> users_after_;  // [days complete]
  std::vector<double> exact_;     // [days complete], before rounding down
  int experiment_days_;
};

}  // namespace windtunnel

#pragma once

#include <vector>

#include "support/slow_traffic.hpp"

namespace windtunnel {

/// What hindsight says of one replication.
class SlowHindsight {
 public:
  SlowHindsight(const SlowWorld& world, std::vector<double> means, const std::vector<SlowUser>& users);

  /// Lasting effect of an arm, in a segment or (-1) in the whole population.
  double lasting(int segment, int arm) const;
  int arms() const { return static_cast<int>(means_.size()); }
  i64 horizon() const { return horizon_; }

  /// Loss of the first `users` users when everybody after `end` is served `arm`.
  double regret(i64 users, i64 end, int arm) const;

  /// Expected outcomes of everybody's visits when everybody after `end` is served `arm`.
  double value(i64 end, int arm) const;

  /// How far an arm's lasting mean falls short of the best one's.
  double simple_regret(int arm) const;

  /// Share of all users served an arm that is best on their day of exposure.
  double best_share(i64 end, int arm) const;

  int days_begun(i64 users) const;

  /// Expected value, when `end` users have come, of an arm's users who are seen; mean over them.
  double mean_of_users(i64 end, int arm) const;

 private:
  double mean(int arm, int day) const {
    return mean_[static_cast<std::size_t>(arm)][static_cast<std::size_t>(day)];
  }
  double gap(int arm, int day) const;
  void add_up(const std::vector<int>& arms, std::vector<double>& loss, std::vector<double>& best) const;

  const SlowWorld& world_;
  std::vector<double> means_;
  const std::vector<SlowUser>& users_;
  i64 horizon_ = 0;
  std::vector<std::vector<double>> mean_;  // [arm][day]
  // [users] sums over the first of them, as they were served and ([arm]) if all had been served one arm
  std::vector<double> loss_, best_;
  std::vector<std::vector<double>> loss_of_, best_of_;
};

}  // namespace windtunnel

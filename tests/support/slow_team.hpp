#pragma once

#include <vector>

#include "support/slow_simulator.hpp"

namespace windtunnel {

/// One arm's users so far.
struct SlowArm {
  double n = 0, sum = 0, squares = 0;  ///< squares: of deviations from the mean so far

  double mean() const { return sum / n; }

  /// Welford (1962), Technometrics 4:419.
  void add(double y) {
    const double before = n > 0 ? y - mean() : 0;
    n += 1;
    sum += y;
    squares += before * (y - mean());
  }
};

/// How one strategy ended in one replication.
struct SlowEnding {
  enum class End { undecided, keep, ship };

  bool is_over = false, by_criterion = false, rejected = false, has_estimate = false;
  End end = End::undecided;
  int look = 0;
  int arm = 1;  ///< that the estimate speaks of
  i64 users = 0;
  double estimate = 0, low = 0, high = 0;
  std::vector<SlowArm> arms;  ///< all users seen, whatever the strategy analyses
};

/// One strategy living through one replication.
class SlowTeam {
 public:
  SlowTeam(const SlowStrategy& strategy, const SlowWorld& world, int arms);

  /// Whether it still runs and looks after `users` users.
  bool looks_at(i64 users) const { return !ending_.is_over && s_.looks[look_] == users; }

  /// Sees the data after `users` users.
  ///   panels  the arms as the strategy analyses them: by the outcome, and by every metric that it tests
  ///   all     everybody who is seen
  void see(i64 users, const std::vector<std::vector<SlowArm>>& panels, const std::vector<SlowArm>& all);

  const SlowEnding& ending() const { return ending_; }

 private:
  /// Estimate and variance of one treatment against control; variance 0: no evidence.
  struct Finding {
    double estimate = 0, variance = 0, freedom = 0;
  };
  enum class Call { none, better, worse, nothing };

  using Arms = std::vector<SlowArm>;
  using Panels = std::vector<Arms>;
  using Findings = std::vector<Finding>;
  using Calls = std::vector<Call>;

  bool is_binary() const { return world_.is_binary() && s_.unit != SlowStrategy::Unit::user; }
  double variance_of_users(const SlowArm& arm) const;
  double unpooled(const SlowArm& control, const SlowArm& treatment) const;
  double test_variance(const SlowArm& control, const SlowArm& treatment) const;
  double test_freedom(const SlowArm& control, const SlowArm& treatment) const;
  double variance(const SlowArm& control, const SlowArm& treatment) const;
  Finding weigh(const SlowArm& control, const SlowArm& treatment) const;

  Calls no_calls() const { return Calls(final_.size(), Call::none); }
  double better(const Finding& finding, std::size_t h) const;
  double level() const;
  double tail_of(double alpha) const;
  Call test_one(const Finding& finding, std::size_t h, double tail) const;
  Calls judge(const Findings& findings, bool is_last);
  Calls holm(const Findings& findings) const;
  Calls benjamini_hochberg(const Findings& findings) const;
  Call sprt(const Finding& finding, std::size_t h);
  Call msprt(const Finding& finding, std::size_t h) const;

  template <class Wanted>
  int leader(const Findings& findings, Wanted wanted) const;
  Calls agreed(const Calls& calls) const;
  void end(i64 users, const Panels& panels, const Findings& findings, const Calls& calls);
  void end_with_leader(i64 users, const Panels& panels, const Findings& findings);
  double value(const SlowArm& arm) const;
  void close(i64 users, const Panels& panels, const Findings& findings, int hypothesis);
  double half_width(const Finding& finding, const SlowArm& control, const SlowArm& treatment) const;

  const SlowStrategy& s_;
  const SlowWorld& world_;
  int treatments_, hypotheses_;
  std::vector<double> margin_;
  Calls final_;                              // sprt
  std::vector<int> not_better_, not_worse_;  // sprt: settled by a lower boundary
  std::size_t look_ = 0;
  SlowEnding ending_;
};

}  // namespace windtunnel

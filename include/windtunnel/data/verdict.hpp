#pragma once

#include "windtunnel/core/types.hpp"
#include "windtunnel/data/table.hpp"

namespace windtunnel {

/// What a stopping rule says of one hypothesis at one look.
enum Call : i32 {
  kGoOn = 0,
  kReject = 1,       ///< significantly better than control (or than the margin)
  kRejectWorse = 2,  ///< control significantly better: keep, and the hypothesis is rejected
  kAccept = 3,       ///< no effect worth shipping (SPRT, futility): keep, not rejected
  kLead = 4,         ///< leads without any test: ship, nothing is rejected
  kTrail = 5,        ///< does not lead, without any test
  kVetoed = 6,       ///< significantly better, but must not ship: keep, and the hypothesis is rejected
};

/// Calls of a rule at one look, [hypothesis][lane].
using Calls = Table<i32>;

/// How an experiment ends.
enum End : i32 { kUndecided = 0, kKeep = 1, kShip = 2 };

/// How the replications of a block ended under one strategy. Written lane by lane as they end.
struct Endings {
  int lanes = 0;
  Table<i32> look;          ///< [0][lane] index of the look it ended at
  Table<i32> by_criterion;  ///< [0][lane] 1: the rule's criterion ended it, 0: the horizon did
  Table<i32> aborted;       ///< [0][lane] 1: a guard broke it off
  Table<i32> end;           ///< [0][lane] End
  Table<i32> rejected;      ///< [0][lane] 0 or 1
  Table<i32> hypothesis;  ///< [0][lane] what the estimate speaks of: of the shipped arm, else the leading one
  Table<i32> arm;         ///< [0][lane] arm of the estimate: shipped, else leading
  Table<i32> served;      ///< [0][lane] arm served after the end: the shipped one, else control
  Table<double> users;    ///< [0][lane] users exposed, all arms
  Table<double> days;     ///< [0][lane] calendar days begun
  Table<double> estimate;  ///< [value, low, high][lane], natural scale; low > high: no evidence, no estimate
  Table<double> regret;    ///< [0][lane] of the whole horizon
  Table<double> best_users;  ///< [0][lane] users served an arm that is best at that moment, whole horizon
  Table<double> curve;       ///< [curve point][lane] regret at that many users
  Table<i32> arm_users;      ///< [arm][lane] users of the arm when the experiment ended; where shares vary
  Table<double> arm_share;   ///< [curve point * arms + arm][lane] of so many users; where shares vary
  Table<double> arm_mean;    ///< [arm][lane] mean outcome of the arm's users; anything without users
  Table<double> arm_truth;   ///< [arm][lane] mean of the true means of the same users; anything without users
  Table<i32> arm_seen;       ///< [arm][lane] 1: the arm had users

  /// Makes room for a block. No lane has an estimate, arms are within their range; all else is still to be
  /// written.
  void begin(int arm_count, int curve_points, int lane_count);
};

}  // namespace windtunnel

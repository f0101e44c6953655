#pragma once

#include "windtunnel/data/observed.hpp"
#include "windtunnel/design/two_sample.hpp"

namespace windtunnel {

/// Tells the users who have come since a moment from those who had come before, by their totals.
class Newcomers {
 public:
  ///   binary  outcomes of 0 and 1
  Newcomers(bool binary, int arms, int lanes);

  /// Totals of an arm's users who have come since the moment.
  ArmTotals at(const Observed& now, int arm, int lane) const;

  /// Makes now the moment.
  void restart(const Observed& now);

 private:
  Table<i32> users_;                // [arm][lane] at the moment
  Table<i32> successes_;            // [arm][lane] outcomes of 0 and 1 only
  Table<double> sum_, deviations_;  // [arm][lane] other outcomes only
};

}  // namespace windtunnel

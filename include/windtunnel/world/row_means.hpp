#pragma once

#include <vector>

#include "windtunnel/world/means.hpp"
#include "windtunnel/world/outcome.hpp"

namespace windtunnel {

/// Means of a block's users by row, stratum * arms + arm.
class RowMeans {
 public:
  ///   strata  nullptr: a row is an arm, whose users all have its mean
  ///   truth   must outlive it
  RowMeans(const Means* strata, const Truth& truth);

  /// The arm whose version users of a row get.
  int served(int row) const;

  int lanes() const { return truth_.lanes; }

  /// The mean of a row in an epoch; what it points to stays where it is.
  PerLane<double> of(int epoch, int row);

 private:
  void find(int epoch);

  const Means* strata_;
  const Truth& truth_;
  std::vector<Table<double>> by_epoch_;  // [epoch], of each [row][lane, or one when shared]; empty: not asked
};

}  // namespace windtunnel

#pragma once

#include "windtunnel/data/observed.hpp"

namespace windtunnel {

/// What is known of the requests of single users, each for itself.
class UserRequests {
 public:
  ///   keeps_values  whether every request's outcome is kept
  void begin(i32 users, int lanes, bool keeps_values);

  /// Adds the requests of one more visit of a user.
  ///   drawn  requests of nobody else in the lane
  void add(const Observed& drawn, int arm, i32 user, int lane);

  /// Writes the requests of a user in one lane into `requests`, which holds none there.
  ///   covariate  [user][lane], or empty
  void describe(i32 user, int lane, const Table<double>& covariate, int arm, Observed& requests) const;

 private:
  Table<i32> count_;                ///< [user][lane]
  Table<double> sum_, deviations_;  ///< [user][lane] of the outcomes
  Lists values_;                    ///< [user][lane]
};

}  // namespace windtunnel

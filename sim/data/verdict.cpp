#include "windtunnel/data/verdict.hpp"

#include <algorithm>
#include <limits>

namespace windtunnel {

void Endings::begin(int arm_count, int curve_points, int lane_count) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  lanes = lane_count;
  for (Table<i32>* table : {&look, &by_criterion, &end, &rejected, &aborted}) table->reshape(1, lanes);
  hypothesis.assign(1, lanes, 0);
  arm.assign(1, lanes, 1);
  served.assign(1, lanes, 0);
  for (Table<double>* table : {&users, &days, &regret, &best_users}) table->reshape(1, lanes);
  estimate.assign(3, lanes);
  std::ranges::fill(estimate.span(1), kInfinity);
  std::ranges::fill(estimate.span(2), -kInfinity);
  curve.reshape(curve_points, lanes);
  arm_mean.reshape(arm_count, lanes);
  arm_truth.reshape(arm_count, lanes);
  arm_seen.reshape(arm_count, lanes);
}

}  // namespace windtunnel

#pragma once

#include <vector>

#include "windtunnel/data/returns.hpp"

namespace windtunnel {

/// Users of a horizon by epoch of constant means, and the points of the regret curve.
struct Horizon {
  std::vector<i64> epoch_starts;  ///< first user of each epoch; the first is 0
  i64 users = 0;                  ///< users of days + rollout_days
  std::vector<i64> curve_points;  ///< 1, 2, 5, 10, 20, 50 ... and the horizon

  Returns returns;  ///< whose visits count in what is lost

  Horizon(std::vector<i64> starts, i64 horizon_users, Returns returning = {});

  i64 epoch_end(int epoch) const;
};

}  // namespace windtunnel

#include "windtunnel/engine/horizon.hpp"

#include <utility>

namespace windtunnel {

Horizon::Horizon(std::vector<i64> starts, i64 horizon_users, Returns returning)
    : epoch_starts(std::move(starts)), users(horizon_users), returns(std::move(returning)) {
  for (i64 decade = 1; decade < users; decade *= 10)
    for (i64 step : {decade, 2 * decade, 5 * decade})
      if (step < users) curve_points.push_back(step);
  curve_points.push_back(users);
}

i64 Horizon::epoch_end(int epoch) const {
  const auto next = static_cast<std::size_t>(epoch) + 1;
  return next < epoch_starts.size() ? epoch_starts[next] : users;
}

}  // namespace windtunnel

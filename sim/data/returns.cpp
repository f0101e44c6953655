#include "windtunnel/data/returns.hpp"

#include <algorithm>

namespace windtunnel {

Returns::Returns(double probability, const Calendar& calendar) : probability_(probability) {
  if (probability == 0) return;
  so_far_.push_back(0);
  for (int day = 1; day < calendar.experiment_days(); ++day) {
    const i64 start = calendar.users_after(day);
    if (start == 0 || start == calendar.users_after(day + 1)) continue;
    starts_.push_back(start);
    so_far_.push_back(so_far_.back() + static_cast<double>(start));
  }
  const i64 users = calendar.users_after(calendar.experiment_days());
  if (users > 0) per_user_ = visits(users) / static_cast<double>(users);
}

double Returns::visits(i64 users) const {
  if (probability_ == 0) return static_cast<double>(users);
  // A day's returns follow its start, so a moment at the start itself is before them.
  const auto begun = std::lower_bound(starts_.begin(), starts_.end(), users) - starts_.begin();
  return static_cast<double>(users) + probability_ * so_far_[static_cast<std::size_t>(begun)];
}

}  // namespace windtunnel

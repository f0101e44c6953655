#include "windtunnel/data/calendar.hpp"

#include <algorithm>
#include <cmath>

namespace windtunnel {

namespace {

/// Whole users in a total that is a sum of decimals: ten days of 1.1 users are 11, although a double is not
/// 1.1. Totals are sums with an error of one rounding, so a relative 1e-12 is far beyond it and, below 2^31
/// users, far below one user.
i64 whole_users(double total) {
  return static_cast<i64>(std::floor(total + 1e-12 * std::max(1.0, total)));
}

}  // namespace

Calendar::Calendar(std::vector<double> users_by_day, int experiment_days)
    : experiment_days_(experiment_days) {
  exact_.push_back(0);
  users_after_.push_back(0);
  double total = 0, lost = 0;  // what rounding took from the total (Kahan & Babuska; Neumaier 1974)
  for (double users : users_by_day) {
    const double sum = total + users;
    lost += total >= users ? (total - sum) + users : (users - sum) + total;
    total = sum;
    exact_.push_back(total + lost);
    users_after_.push_back(whole_users(exact_.back()));
  }
}

i64 Calendar::users_at(double days) const {
  const double clamped = std::clamp(days, 0.0, static_cast<double>(total_days()));
  const auto day = static_cast<std::size_t>(std::floor(clamped));
  if (day + 1 >= exact_.size()) return users_after_.back();
  const double inside = (clamped - static_cast<double>(day)) * (exact_[day + 1] - exact_[day]);
  return whole_users(exact_[day] + inside);
}

int Calendar::days_begun(i64 users) const {
  const auto first = std::lower_bound(users_after_.begin(), users_after_.end(), users);
  return static_cast<int>(std::min(first, users_after_.end() - 1) - users_after_.begin());
}

namespace {

/// Moments of a periodic schedule: from, from + every, ... up to `end`, computed without accumulating
/// rounding.
std::vector<double> periodic(double every, double from, double end) {
  std::vector<double> moments;
  const double first = from > 0 ? from : every;
  for (i64 i = 0;; ++i) {
    const double moment = first + static_cast<double>(i) * every;
    if (moment > end) return moments;
    moments.push_back(moment);
  }
}

}  // namespace

std::vector<i64> Calendar::positions(const Schedule& schedule, int days, int* dropped) const {
  using Kind = Schedule::Kind;
  const i64 end = users_after(days);
  const double last_day = days, last_user = static_cast<double>(end);
  std::vector<i64> found;
  const auto add_days = [&](const std::vector<double>& moments) {
    for (double m : moments) found.push_back(m > last_day ? end + 1 : users_at(m));
  };
  const auto add_users = [&](const std::vector<double>& moments) {
    for (double m : moments) found.push_back(static_cast<i64>(std::ceil(std::min(m, last_user + 1))));
  };
  switch (schedule.kind) {
    case Kind::at_end:
      break;
    case Kind::every_days:
      add_days(periodic(schedule.every, schedule.from, last_day));
      break;
    case Kind::every_hours:
      for (double hour : periodic(schedule.every, schedule.from, last_day * 24))
        found.push_back(users_at(hour / 24));
      break;
    case Kind::every_users:
      add_users(periodic(schedule.every, schedule.from, last_user));
      break;
    case Kind::at_days:
      add_days(schedule.times);
      break;
    case Kind::at_users:
      add_users(schedule.times);
      break;
    case Kind::equally_spaced:
      for (i64 k = 1; k <= schedule.count; ++k)
        found.push_back((k * end + schedule.count - 1) / schedule.count);
      break;
  }
  const auto beyond = [end](i64 position) { return position > end; };
  if (dropped != nullptr) *dropped = static_cast<int>(std::count_if(found.begin(), found.end(), beyond));
  std::erase_if(found, [end](i64 position) { return position > end || position < 1; });
  found.push_back(end);
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace windtunnel

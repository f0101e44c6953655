#include "follow_up.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace windtunnel {

namespace {

int follow_up_days(const Strategy& strategy) {
  int days = 0;
  for (const auto& lens : strategy.lenses) days = std::max(days, lens->follow_up_days());
  return days;
}

}  // namespace

FollowUp follow_up(const Strategy& strategy, const World& world, i64 users) {
  const Calendar& calendar = world.calendar();
  const int today = calendar.days_begun(users) - 1;
  double analysed = 0, known = 0;
  for (int day = 0; day + follow_up_days(strategy) <= today; ++day) {
    const auto exposed =
        static_cast<double>(std::min(users, calendar.users_after(day + 1)) - calendar.users_after(day));
    analysed += exposed;
    known += exposed * (1 - world.climate().lag.survival(today - day));
  }
  if (analysed == 0) return {0, 0};
  return {analysed / static_cast<double>(users), known / analysed};
}

std::string early_look(const Strategy& strategy, i64 users, const World& world) {
  constexpr double kFew = 0.1;  // of the outcomes
  const FollowUp seen = follow_up(strategy, world, users);
  const std::string look =
      fmt::format("'{}' first looks on day {}, when ", strategy.name, world.calendar().days_begun(users));
  if (seen.users == 0)
    return look + fmt::format("nobody has had the {} days it waits for", follow_up_days(strategy));
  if (seen.known >= kFew) return "";
  return look + fmt::format("{:.2g} % of the outcomes can be known; all others count as 0", 100 * seen.known);
}

}  // namespace windtunnel

#include "windtunnel/world/features/weekday.hpp"

#include <algorithm>
#include <string>

namespace windtunnel {

namespace {

constexpr double kMostTraffic = 1000;  // so that totals can be computed before they are refused

}  // namespace

void Weekday::describe(Fields& fields) {
  static constexpr const char* kDays[] = {"monday", "tuesday",  "wednesday", "thursday",
                                          "friday", "saturday", "sunday"};
  fields.choice("starts", starts_, kDays, {"weekday of the first day; the lists begin on Monday"});
  const auto week = [&fields](const char* key, std::vector<double>& list, Range range, About about) {
    fields.numbers(key, list, range, about);
    if (list.size() != Climate::kWeek)
      fields.refuse(key, "has " + std::to_string(list.size()) + " numbers (needs 7, Monday to Sunday)");
  };
  week("traffic", traffic_, {0, kMostTraffic}, {"multipliers of users_per_day, Monday to Sunday"});
  week("rate", rate_, kNotNegative, {"multipliers of the baseline"});
  week("effect", effect_, {}, {"multipliers of the lasting lift"});
  if (std::all_of(traffic_.begin(), traffic_.end(), [](double users) { return users == 0; }))
    fields.refuse("traffic", "leaves no day on which anybody comes");
}

void Weekday::shape(Climate& climate) const {
  for (std::size_t day = 0; day < Climate::kWeek; ++day) {
    const std::size_t weekday = (day + static_cast<std::size_t>(starts_)) % Climate::kWeek;
    climate.traffic[day] *= traffic_[weekday];
    climate.rate[day] *= rate_[weekday];
    climate.effect[day] *= effect_[weekday];
  }
}

}  // namespace windtunnel

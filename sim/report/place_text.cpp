#include <fmt/format.h>

#include <algorithm>

#include "windtunnel/report/number_format.hpp"
#include "windtunnel/report/text_layout.hpp"
#include "world_sentence.hpp"

/// Where in a sweep and when in an experiment, in words.
namespace windtunnel {

namespace {

std::string schedule_text(const Schedule& schedule) {
  const auto every = [&](const char* one, const char* many) {
    return schedule.every == 1 ? fmt::format("every {}", one)
                               : fmt::format("every {} {}", plain_text(schedule.every), many);
  };
  const auto at = [&](const char* unit) {
    if (schedule.times.size() > 4) return fmt::format("{} times", schedule.times.size());
    std::vector<std::string> times;
    for (double time : schedule.times) times.push_back(plain_text(time));
    return fmt::format("after {} {}", joined(times, ", "), unit);
  };
  switch (schedule.kind) {
    case Schedule::Kind::at_end:
      return "at the end";
    case Schedule::Kind::every_days:
      return every("day", "days");
    case Schedule::Kind::every_hours:
      return every("hour", "hours");
    case Schedule::Kind::every_users:
      return every("user", "users");
    case Schedule::Kind::at_days:
      return at("days");
    case Schedule::Kind::at_users:
      return at("users");
    case Schedule::Kind::equally_spaced:
      return fmt::format("{} times, equally spaced", schedule.count);
  }
  return "";
}

}  // namespace

std::string looks_text(const Scenario& scenario) {
  std::vector<std::string> texts;
  for (const GridPoint& point : scenario.grid)
    for (const Strategy& strategy : point.strategies) {
      if (strategy.looks.kind == Schedule::Kind::at_end) continue;
      const std::string text = schedule_text(strategy.looks);
      if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(text);
    }
  if (texts.empty()) return "look: at the end";
  return texts.size() <= 2 ? "look: " + joined(texts, " or ") : "look: several schedules";
}

std::string coordinate_text(const std::string& json) {
  const Json value = Json::parse(json, nullptr, false);
  if (value.is_string()) return printable(value.get<std::string>());
  if (value.is_number()) return plain_text(value.get<double>());
  if (value.is_object() && value.size() == 1)
    return printable(value.begin().key()) + " " + coordinate_text(value.begin().value().dump());
  return printable(json);
}

std::string place_text(const Scenario& scenario, int grid) {
  const GridPoint& point = scenario.grid[static_cast<std::size_t>(grid)];
  std::vector<std::string> texts;
  for (std::size_t a = 0; a < scenario.axes.size(); ++a)
    texts.push_back(printable(scenario.axes[a]) + " = " + coordinate_text(point.coordinates[a]));
  return joined(texts, ", ");
}

}  // namespace windtunnel

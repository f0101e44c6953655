#include <limits>

#include "windtunnel/core/number_text.hpp"
#include "windtunnel/core/reader.hpp"

namespace windtunnel {

namespace {

constexpr double kMostUsers = std::numeric_limits<i32>::max();
constexpr Range kUserCount{1, kMostUsers, Range::Ends::closed};

const std::vector<std::string> kForms = {"every_days", "every_hours", "every_users",
                                         "at_days",    "at_users",    "equally_spaced"};

constexpr const char* kExample =
    "a schedule has one of every_days, every_hours, every_users, at_days, at_users, "
    "equally_spaced";

/// A period and where it starts.
void read_period(ObjectReader& reader, const std::string& form, Schedule& schedule) {
  if (form == "every_users") {
    i64 every = 0, from = 0;
    reader.integer("every_users", every, kUserCount, {"users between two looks"});
    reader.integer("from", from, kUserCount, {"users at the first look"});
    schedule.kind = Schedule::Kind::every_users;
    schedule.every = static_cast<double>(every);
    schedule.from = static_cast<double>(from);
    return;
  }
  schedule.kind = form == "every_days" ? Schedule::Kind::every_days : Schedule::Kind::every_hours;
  reader.number(form.c_str(), schedule.every, kPositive, {"time between two looks"});
  reader.number("from", schedule.from, kPositive, {"time of the first look"});
}

/// Times written one by one.
void read_times(ObjectReader& reader, const std::string& form, Schedule& schedule) {
  schedule.kind = form == "at_days" ? Schedule::Kind::at_days : Schedule::Kind::at_users;
  reader.numbers(form.c_str(), schedule.times, form == "at_days" ? kPositive : kUserCount,
                 {"times of the looks"});
  for (std::size_t i = 0; i < schedule.times.size(); ++i) {
    const double time = schedule.times[i];
    if (schedule.kind == Schedule::Kind::at_users && time != static_cast<double>(static_cast<i64>(time)))
      reader.refuse(form.c_str(), spoken_number(time) + " is not a whole number of users");
    if (i > 0 && time <= schedule.times[i - 1])
      reader.refuse(form.c_str(), "the times must increase: " + spoken_number(time) + " comes after " +
                                      spoken_number(schedule.times[i - 1]));
  }
}

}  // namespace

std::optional<Schedule> read_schedule(const Json& value, const std::string& where, Reading& reading) {
  if (!is_object(value, where, "a schedule such as {\"every_days\": 1}", reading)) return {};
  std::vector<std::string> given;
  for (const std::string& form : kForms)
    if (value.contains(form)) given.push_back(form);
  if (given.size() != 1) {
    std::string hint;
    for (const auto& [key, part] : value.items())
      if (hint.empty() && given.empty() && key != "from") hint = suggestion(key, kForms);
    reading.complain(where, shown(value) + " is not a schedule (" + kExample + ")" + hint);
    return {};
  }
  const int before = reading.complaints();
  const std::string form = given.front();
  Schedule schedule;
  ObjectReader reader(value, where, reading);
  if (form == "equally_spaced") {
    i64 count = 0;
    reader.integer("equally_spaced", count, kUserCount, {"number of looks"});
    schedule.kind = Schedule::Kind::equally_spaced;
    schedule.count = static_cast<int>(count);
  } else if (form.starts_with("every_")) {
    read_period(reader, form, schedule);
  } else {
    read_times(reader, form, schedule);
  }
  reader.finish("a schedule with " + form);
  if (reading.complaints() != before) return {};
  // The default made explicit, so that equal schedules are equal values.
  if (schedule.from == 0) schedule.from = schedule.every;
  return schedule;
}

}  // namespace windtunnel

#include <limits>

#include "windtunnel/core/forms.hpp"
#include "windtunnel/core/number_text.hpp"
#include "windtunnel/core/reader.hpp"

namespace windtunnel {

namespace {

constexpr Range kUserCount{1, std::numeric_limits<i32>::max(), Range::Ends::closed};

const std::vector<std::string> kForms = {"every_days", "every_hours", "every_users",
                                         "at_days",    "at_users",    "equally_spaced"};

constexpr const char* kExample =
    "a schedule has one of every_days, every_hours, every_users, at_days, at_users, "
    "equally_spaced";

/// The form of a schedule that is not the end alone: kinds follow each other as the forms do.
Schedule::Kind kind_of(std::size_t form) {
  return static_cast<Schedule::Kind>(form + 1);
}

void describe_period(Fields& fields, const char* form, const char* unit, Schedule& schedule) {
  fields.number(form, schedule.every, kPositive, {"time between two looks", unit, About::Need::required});
  fields.number("from", schedule.from, kPositive, {"time of the first look", unit});
}

void describe_period_of_users(Fields& fields, Schedule& schedule) {
  i64 every = 0, from = 0;
  fields.integer("every_users", every, kUserCount,
                 {"users between two looks", "users", About::Need::required});
  fields.integer("from", from, kUserCount, {"users at the first look", "users"});
  schedule.every = static_cast<double>(every);
  schedule.from = static_cast<double>(from);
}

/// The keys of a schedule whose kind is known.
void describe_schedule(Fields& fields, Schedule& schedule) {
  constexpr auto required = About::Need::required;
  i64 count = 0;
  switch (schedule.kind) {
    case Schedule::Kind::at_end:
      return;
    case Schedule::Kind::every_days:
      return describe_period(fields, "every_days", "days", schedule);
    case Schedule::Kind::every_hours:
      return describe_period(fields, "every_hours", "hours", schedule);
    case Schedule::Kind::every_users:
      return describe_period_of_users(fields, schedule);
    case Schedule::Kind::at_days:
      return fields.numbers("at_days", schedule.times, kPositive,
                            {"times of the looks, increasing", "days", required});
    case Schedule::Kind::at_users:
      return fields.numbers("at_users", schedule.times, kUserCount,
                            {"users at the looks, whole and increasing", "users", required});
    case Schedule::Kind::equally_spaced:
      fields.integer("equally_spaced", count, kUserCount, {"number of looks", "looks", required});
      schedule.count = static_cast<int>(count);
  }
}

/// Complains of times that no look can have.
void check_times(ObjectReader& reader, const std::string& form, const Schedule& schedule) {
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
  std::vector<std::size_t> given;
  for (std::size_t form = 0; form < kForms.size(); ++form)
    if (value.contains(kForms[form])) given.push_back(form);
  if (given.size() != 1) {
    std::string hint;
    for (const auto& [key, part] : value.items())
      if (hint.empty() && given.empty() && key != "from") hint = suggestion(key, kForms);
    reading.complain(where, shown(value) + " is not a schedule (" + kExample + ")" + hint);
    return {};
  }
  const int before = reading.complaints();
  const std::string& form = kForms[given.front()];
  Schedule schedule;
  schedule.kind = kind_of(given.front());
  ObjectReader reader(value, where, reading);
  describe_schedule(reader, schedule);
  check_times(reader, form, schedule);
  reader.finish("a schedule with " + form);
  if (reading.complaints() != before) return {};
  // The default made explicit, so that equal schedules are equal values.
  if (schedule.from == 0) schedule.from = schedule.every;
  return schedule;
}

std::vector<Form> schedule_forms() {
  std::vector<Form> forms;
  for (std::size_t form = 0; form < kForms.size(); ++form) {
    Schedule schedule;
    schedule.kind = kind_of(form);
    FieldList list;
    describe_schedule(list, schedule);
    if (list.fields().size() > 1) list.otherwise("the same as " + kForms[form]);
    forms.push_back({kForms[form], list.fields()});
  }
  return forms;
}

}  // namespace windtunnel

#include <algorithm>
#include <cmath>

#include "scenario_reading.hpp"
#include "windtunnel/core/number_text.hpp"
#include "windtunnel/core/writer.hpp"

namespace windtunnel {

namespace {

constexpr i64 kMostArms = 1000;
constexpr double kMostDays = 100'000;  // the calendar keeps two numbers a day

/// Whether a name can be printed on one line.
bool is_printable(const std::string& name) {
  return !name.empty() &&
         std::none_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127; });
}

std::vector<std::string> numbered_arms(i64 count) {
  if (count == 2) return {"control", "treatment"};
  std::vector<std::string> arms{"control"};
  for (i64 a = 1; a < count; ++a) arms.push_back("treatment_" + std::to_string(a));
  return arms;
}

/// Names of the arms; empty when they are wrong.
std::vector<std::string> read_arms(const ObjectReader::Entry& entry, Reading& reading) {
  const auto& [value, where] = entry;
  if (value == nullptr) return numbered_arms(2);
  if (value->is_number()) {
    const auto count = read_integer(*value, where, "arms", {1, kMostArms}, reading);
    return count ? numbered_arms(*count) : std::vector<std::string>{};
  }
  if (!value->is_array() || value->empty() || value->size() > static_cast<std::size_t>(kMostArms)) {
    reading.complain(where, quoted(*value) + " is neither a list of names nor a count (needs 1 <= arms <= 1000)");
    return {};
  }
  std::vector<std::string> arms;
  for (std::size_t i = 0; i < value->size(); ++i) {
    const Json& name = (*value)[i];
    if (!name.is_string() || !is_printable(name.get<std::string>()))
      reading.complain(child(where, i), quoted(name) + " is not a name for an arm (needs printable text in quotes)");
    else if (std::find(arms.begin(), arms.end(), name.get<std::string>()) != arms.end())
      reading.complain(child(where, i), quoted(name) + " is the name of two arms");
    else
      arms.push_back(name.get<std::string>());
  }
  return arms.size() == value->size() ? arms : std::vector<std::string>{};
}

void describe_traffic(Fields& fields, WorldSpec& spec) {
  constexpr auto required = About::Need::required;
  fields.number("users_per_day", spec.users_per_day, kPositive, {"users a day over all arms", "users", required});
  fields.integer("days", spec.days, {1, kMostDays}, {"longest experiment", "days", required});
  fields.integer("rollout_days", spec.rollout_days, {0, kMostDays},
                 {"days after the experiment on which the decision serves everybody", "days"});
}

void read_traffic(const ObjectReader::Entry& entry, WorldSpec& spec, Reading& reading) {
  const auto& [value, where] = entry;
  if (value == nullptr || !is_object(*value, where, "traffic", reading)) return;
  const int before = reading.complaints();
  ObjectReader reader(*value, where, reading);
  describe_traffic(reader, spec);
  reader.finish("traffic");
  if (reading.complaints() != before) return;
  constexpr double kMostUsers = 0x1p31;
  const double days = static_cast<double>(spec.days), rollout = static_cast<double>(spec.rollout_days);
  const double users = spec.users_per_day * (days + rollout);
  if (users >= kMostUsers)
    reading.complain(where, number_text(spec.users_per_day) + " users a day for " + number_text(days + rollout) +
                                " days are " + number_text(std::floor(users)) +
                                " users, more than can be counted (needs fewer than 2147483648)");
  else if (spec.users_per_day * days < 1)
    reading.complain(where, number_text(spec.users_per_day) + " users a day for " + number_text(days) +
                                " days are less than one user");
}

/// The outcome with its `better`.
Member<Outcome> read_outcome(const Json& value, const std::string& where, const Registry& registry, WorldSpec& spec,
                             std::string& listed_levels, Reading& reading) {
  Member<Outcome> outcome =
      read_member(registry.outcomes, value, where, "outcome", reading, [&spec](ObjectReader& reader) {
        describe_choice(reader, "better", spec.better, {"higher", "lower"}, {"which outcomes are better"});
      }, listed_levels);
  return outcome;
}

}  // namespace
}  // namespace windtunnel

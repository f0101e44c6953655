#include <algorithm>
#include <cmath>

#include "scenario_reading.hpp"
#include "windtunnel/core/field_list.hpp"
#include "windtunnel/core/number_text.hpp"

namespace windtunnel {

namespace {

constexpr double kMostUsers = 0x1p31;  // counts of users have 32 bits
constexpr double kMostRequests =
    2.14e9;  // and those of requests: 160 standard deviations of their number below

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
    const auto count = read_integer(*value, where, "arms", kArmCount, reading);
    return count ? numbered_arms(*count) : std::vector<std::string>{};
  }
  if (!value->is_array() || !kArmCount.contains(static_cast<double>(value->size()))) {
    reading.complain(where, shown(*value) + " is neither a list of names nor a count (needs " +
                                kArmCount.text("arms") + ")");
    return {};
  }
  std::vector<std::string> arms;
  for (std::size_t i = 0; i < value->size(); ++i) {
    const Json& name = (*value)[i];
    if (!name.is_string() || !is_printable(name.get<std::string>()))
      reading.complain(child(where, i),
                       shown(name) + " is not a name for an arm (needs printable text in quotes)");
    else if (std::find(arms.begin(), arms.end(), name.get<std::string>()) != arms.end())
      reading.complain(child(where, i), shown(name) + " is the name of two arms");
    else
      arms.push_back(name.get<std::string>());
  }
  return arms.size() == value->size() ? arms : std::vector<std::string>{};
}

void read_traffic(const ObjectReader::Entry& entry, WorldSpec& spec, Reading& reading) {
  const auto& [value, where] = entry;
  if (value == nullptr || !is_object(*value, where, "traffic", reading)) return;
  const int before = reading.complaints();
  ObjectReader reader(*value, where, reading);
  describe_traffic(reader, spec);
  reader.finish("traffic");
  if (reading.complaints() != before) return;
  const double users = spec.users_per_day * static_cast<double>(spec.days + spec.rollout_days);
  if (users >= kMostUsers)
    reading.complain(where, spoken_number(spec.users_per_day) + " users a day for " +
                                counted(static_cast<std::size_t>(spec.days + spec.rollout_days), "day") +
                                " are " + spoken_number(std::floor(users)) +
                                " users, more than can be counted (needs fewer than 2147483648)");
}

Member<Outcome> read_outcome(const Json& value, const std::string& where, const Registry& registry,
                             WorldSpec& spec, Reading& reading) {
  return read_member(registry.outcomes, value, where, "outcome", reading,
                     [&spec](ObjectReader& reader) { describe_better(reader, spec.better); });
}

/// Numbers per arm are shorthand for control's value and absolute effects, so that there is a null twin.
void unfold_levels(Member<Outcome>& outcome, const Json& value, const std::string& where,
                   const Registry& registry, WorldSpec& spec, Reading& reading) {
  if (outcome.listed_levels.empty()) return;
  const std::vector<Distribution> levels = outcome.leaf->levels();
  Json object = value;
  object[outcome.listed_levels] = written(levels.front());
  outcome = read_outcome(object, where, registry, spec, reading);
  Lift effect;
  for (std::size_t a = 1; a < levels.size(); ++a)
    effect.values.push_back(Distribution::point(levels[a].value - levels[0].value));
  spec.effect = std::move(effect);
}

/// Reads the lift of `effect` and the keys that the outcome (if it is known) has beside it.
///   returns  its resolved form, null when there is none
Json read_effect(const ObjectReader::Entry& entry, Outcome* outcome, WorldSpec& spec, Reading& reading) {
  const auto& [value, where] = entry;
  if (value == nullptr) return {};
  Json lift = *value, own = Json::object();
  ObjectWriter writer;
  if (outcome != nullptr && value->is_object()) {
    FieldList keys;
    outcome->describe_effect(keys);
    for (const FieldInfo& field : keys.fields()) {
      if (!value->contains(field.key)) continue;
      own[field.key] = (*value)[field.key];
      lift.erase(field.key);
    }
    ObjectReader reader(own, where, reading);
    outcome->describe_effect(reader);
    outcome->describe_effect(writer);
  }
  spec.effect = read_lift(lift, where, "effect", {}, reading);
  if (!spec.effect) return {};
  Json resolved = written(*spec.effect);
  resolved.update(writer.object());
  return resolved;
}

/// Reads outcome and effect, and their resolved forms into `writer`.
void read_truth(ObjectReader& reader, const Registry& registry, WorldSpec& spec, ObjectWriter& writer,
                Reading& reading) {
  const ObjectReader::Entry effect = reader.take("effect");
  const auto [value, where] =
      reader.take_required("outcome", "the law of one user's outcome", listed(names_of(registry.outcomes)));
  if (value == nullptr) {
    read_effect(effect, nullptr, spec, reading);
    return;
  }
  const int before = reading.complaints();
  Member<Outcome> outcome = read_outcome(*value, where, registry, spec, reading);
  const bool is_good = outcome.leaf != nullptr && reading.complaints() == before;
  Json resolved_effect = read_effect(effect, outcome.leaf.get(), spec, reading);
  if (!is_good) return;
  if (effect.value != nullptr && (!outcome.listed_levels.empty() || outcome.leaf->levels().size() > 1))
    return reading.complain(
        effect.where,
        "must be absent: the outcome gives every arm a level of its own, and that is the effect");
  unfold_levels(outcome, *value, where, registry, spec, reading);
  if (spec.effect && resolved_effect.is_null()) resolved_effect = written(*spec.effect);
  if (!resolved_effect.is_null()) writer.set("effect", std::move(resolved_effect));
  Json resolved = written(outcome);
  resolved["better"] = spec.better == Better::higher ? "higher" : "lower";
  writer.set("outcome", std::move(resolved));
  spec.outcome = std::move(outcome.leaf);
}

/// Reads the features in the order of the registry, which is the one they are applied in.
///   returns  their resolved form
Json read_features(const ObjectReader::Entry& entry, const Registry& registry, WorldSpec& spec,
                   Reading& reading) {
  Json resolved = Json::object();
  const auto& [value, where] = entry;
  if (value == nullptr || !is_object(*value, where, "a set of features by name", reading)) return resolved;
  ObjectReader features(*value, where, reading);
  for (const RegistryRow<Feature>& row : registry.features) {
    const auto [parameters, place] = features.take(row.name);
    if (parameters == nullptr || !is_object(*parameters, place, "the parameters of a feature", reading))
      continue;
    std::shared_ptr<Feature> feature = row.make();
    ObjectReader reader(*parameters, place, reading);
    feature->describe(reader);
    reader.finish(std::string("feature ") + row.name);
    ObjectWriter writer;
    feature->describe(writer);
    resolved[row.name] = writer.object();
    spec.features.emplace_back(row.name, std::move(feature));
  }
  features.finish("world.features");
  return resolved;
}

/// Complains of means that the outcome cannot have, and of days without anybody.
std::optional<Calendar> check_compiled(const WorldSpec& spec, Reading& reading) {
  try {
    const World world(spec, 0, World::Twin::none);  // no draw is made: any seed will do
    const Calendar& calendar = world.calendar();
    const auto users = static_cast<double>(calendar.users_after(calendar.total_days()));
    if (users >= kMostUsers) {
      reading.complain("/world/features/weekday/traffic",
                       "makes the users " + spoken_number(users) +
                           ", more than can be counted (needs fewer than 2147483648)");
      return std::nullopt;
    }
    if (users * world.climate().requests >= kMostRequests) {
      reading.complain("/world/features/clusters/size",
                       "makes the requests " + spoken_number(std::ceil(users * world.climate().requests)) +
                           ", more than can be counted (needs at most 2140000000)");
      return std::nullopt;
    }
    if (calendar.users_after(static_cast<int>(spec.days)) > 0) return calendar;
    reading.complain("/world/traffic", spoken_number(spec.users_per_day) + " users a day for " +
                                           counted(static_cast<std::size_t>(spec.days), "day") +
                                           " are less than one user");
  } catch (const InputError& error) {
    for (const Problem& problem : error.problems()) reading.complain(problem.where, problem.message);
  }
  return std::nullopt;
}

}  // namespace

void describe_traffic(Fields& fields, WorldSpec& spec) {
  constexpr auto required = About::Need::required;
  fields.number("users_per_day", spec.users_per_day, kPositive,
                {"users a day over all arms; fractions carry over", "users", required});
  fields.integer("days", spec.days, {1, kMostDays}, {"longest experiment", "days", required});
  fields.integer(
      "rollout_days", spec.rollout_days, {0, kMostDays},
      {"days after the experiment on which the decision serves everybody; they count in regret", "days"});
}

void describe_better(Fields& fields, Better& better) {
  describe_choice(fields, "better", better, {"higher", "lower"}, {"which outcomes are better"});
}

bool is_printable(const std::string& name) {
  return !name.empty() && std::none_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) < ' ' || c == 127;
  });
}

WorldReading read_world(const Json& world, const Registry& registry, Reading& reading) {
  WorldReading result;
  if (!is_object(world, "/world", "a world", reading)) return result;
  const int before = reading.complaints();
  WorldSpec& spec = result.spec;
  ObjectReader reader(world, "/world", reading);
  ObjectWriter writer;
  spec.arms = reading.arms = read_arms(reader.take("arms"), reading);
  writer.set("arms", spec.arms);
  read_traffic(reader.take_required("traffic", "users_per_day and days", "an object {...}"), spec, reading);
  ObjectWriter traffic;
  describe_traffic(traffic, spec);
  writer.set("traffic", traffic.object());
  read_truth(reader, registry, spec, writer, reading);
  writer.set("features", read_features(reader.take("features"), registry, spec, reading));
  reader.finish("the world");
  if (reading.complaints() == before) result.calendar = check_compiled(spec, reading);
  result.resolved = writer.object();
  return result;
}

}  // namespace windtunnel

#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "windtunnel/core/reader.hpp"
#include "windtunnel/core/writer.hpp"
#include "windtunnel/engine/scenario.hpp"

/// The parts of reading a scenario, one file each.
namespace windtunnel {

inline constexpr Range kArmCount{2, 1000};           // an experiment compares a treatment with control
inline constexpr double kMostDays = 100'000;         // the calendar keeps two numbers a day
inline constexpr std::size_t kMostStrategies = 200;  // every pair is compared: memory grows with the square
inline constexpr double kRateTolerance = .01;        // of an expectation near a rate that does not say it
inline constexpr const char* kDefaultRule = "ship_leader";
inline constexpr const char* kDefaultPolicy = "fixed_split";
/// Measures of several values, of which an expectation could not say which is meant.
inline constexpr const char* kSeveralValues[] = {"stop_by_look", "users_quantile",  "arm_mean_bias",
                                                 "regret_curve", "regret_quantile", "arm_share"};
inline constexpr const char* kKinds[] = {"near", "at_most", "at_least"};  ///< as Expectation::Kind

// The plain keys of each part of a scenario, described once: they are read, written and explained by these.
void describe_run(Fields& fields, Scenario& scenario);
void describe_precision(Fields& fields, Precision& precision);
void describe_traffic(Fields& fields, WorldSpec& spec);
void describe_better(Fields& fields, Better& better);
void describe_length(Fields& fields, i64& days, double most_days);
void describe_looks(Fields& fields, Schedule& looks);
void describe_correction(Fields& fields, Correction& correction);
void describe_margin(Fields& fields, std::optional<Lift>& margin);
void describe_baseline(Fields& fields, std::optional<double>& baseline);
void describe_within(Fields& fields, double& within, About::Need need);

/// Why a margin is none of what a test estimates; empty where it is one.
std::string margin_objection(const Lift& margin, const Estimand& estimand);

/// Whether a name can be printed on one line of a table.
bool is_printable(const std::string& name);

/// The scenario as written with the changes of a command line applied.
///   throws  InputError when a change has no place to go
void apply_overrides(Json& document, const Overrides& overrides);

/// A world as read.
struct WorldReading {
  WorldSpec spec;
  Json resolved;
  std::optional<Calendar> calendar;  ///< there is one if nothing was wrong with the world
  /// Keys of strategies that only other worlds bring, and why this one does not; empty where nobody can tell.
  std::map<std::string, std::string> absent;

  bool is_complete() const { return calendar.has_value(); }
};

WorldReading read_world(const Json& world, const Registry& registry, Reading& reading);

/// What becomes known about `defaults` while strategies are read.
struct DefaultsUse {
  std::set<std::string> taken;                ///< keys that some strategy has read
  std::set<std::string> takeable;             ///< keys that some strategy would read
  std::map<std::string, std::string> absent;  ///< see WorldReading
  bool certain = true;  ///< false once a rule was not known, so that nobody can tell what it takes
};

/// Strategies as read, in the order of the file.
struct StrategiesReading {
  std::vector<Strategy> strategies;
  Json resolved = Json::object();
};

/// Reads `strategies`, with `defaults` for the keys they take. An incomplete world skips the checks against
/// it.
StrategiesReading read_strategies(const Json& document, const WorldReading& world, const Registry& registry,
                                  DefaultsUse& use, Reading& reading);

/// One grid point as read, with its resolved parts.
struct PointReading {
  GridPoint point;
  Json world, strategies;
  std::vector<MeasureSetting::Cell> cells;  ///< which cells there are
};

/// One axis of a sweep: lists of values for pointers into the scenario, which advance together.
struct Axis {
  std::string name;
  std::vector<std::pair<std::string, Json>> edits;  ///< pointer, list of values

  std::size_t size() const { return edits.empty() ? 0 : edits.front().second.size(); }

  /// The value the axis has at position `i`: that of its first list, as JSON text.
  std::string coordinate(std::size_t i) const;
};

/// The axes of `sweep`; none when it is absent.
std::vector<Axis> read_axes(const Json& document, Reading& reading);

/// Reads world and strategies at every point of the grid, the last axis varying fastest.
std::vector<PointReading> read_grid(const Json& document, const std::vector<Axis>& axes,
                                    const Registry& registry, bool null_twin, Reading& reading);

/// Reads `expect`. Points that could not be read (`points` empty) skip the checks against cells.
std::vector<Expectation> read_expectations(const Json& document, const std::vector<Axis>& axes,
                                           const std::vector<PointReading>& points, const Registry& registry,
                                           Reading& reading);

/// The expectation with every default written out.
Json written(const Expectation& expectation);

/// 32 hexadecimal digits that depend on every byte of a text: XXH3 with 128 bits, canonical byte order.
std::string text_hash(const std::string& text);

/// Names of the rows of a family.
template <class Leaf>
std::vector<std::string> names_of(std::span<const RegistryRow<Leaf>> rows) {
  std::vector<std::string> names;
  for (const RegistryRow<Leaf>& row : rows) names.emplace_back(row.name);
  return names;
}

/// The row that `name` names; nullptr after a complaint.
///   noun  family, as in "outcome"
template <class Leaf>
const RegistryRow<Leaf>* find_row(std::span<const RegistryRow<Leaf>> rows, const Json& name,
                                  const std::string& where, const std::string& noun, Reading& reading) {
  const std::vector<std::string> names = names_of(rows);
  if (name.is_string())
    for (const RegistryRow<Leaf>& row : rows)
      if (name.get<std::string>() == row.name) return &row;
  const std::string problem = name.is_string() ? "unknown " + noun + " " + shown(name)
                                               : shown(name) + " is not " + with_article(noun);
  const std::string hint = name.is_string() ? suggestion(name.get<std::string>(), names) : "";
  reading.complain(where, problem + " (needs " + listed(names) + ")" + hint);
  return nullptr;
}

/// A member of a family as a scenario gives it; `leaf` is null when it could not be made.
template <class Leaf>
struct Member {
  const RegistryRow<Leaf>* row = nullptr;
  std::unique_ptr<Leaf> leaf;
  std::string listed_levels;  ///< see ObjectReader::listed_levels
};

/// Reads `{"type": name, ...}` or the bare name.
///   more  reads keys that stand beside the leaf's own, and is called with the reader
template <class Leaf, class More>
Member<Leaf> read_member(std::span<const RegistryRow<Leaf>> rows, const Json& value, const std::string& where,
                         const std::string& noun, Reading& reading, More&& more) {
  Member<Leaf> member;
  Json object = value;
  if (value.is_string()) object = Json{{"type", value}};
  if (!object.is_object()) {
    reading.complain(
        where, shown(value) + " is not " + with_article(noun) + " (needs a name or {\"type\": name, ...})");
    return member;
  }
  ObjectReader reader(object, where, reading);
  const auto [type, place] = reader.take_required("type", ("which " + noun).c_str(), listed(names_of(rows)));
  if (type != nullptr) member.row = find_row(rows, *type, value.is_string() ? where : place, noun, reading);
  if (member.row == nullptr) return member;
  member.leaf = member.row->make();
  more(reader);
  member.leaf->describe(reader);
  reader.finish(noun + " " + member.row->name);
  member.listed_levels = reader.listed_levels();
  return member;
}

/// A member with all its values written out, as JSON that reads back as it.
template <class Leaf>
Json written(const Member<Leaf>& member) {
  ObjectWriter writer;
  writer.set("type", member.row->name);
  member.leaf->describe(writer);
  return writer.object();
}

}  // namespace windtunnel

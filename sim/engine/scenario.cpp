#include "windtunnel/engine/scenario.hpp"

#include <algorithm>

#include "key_homes.hpp"
#include "scenario_reading.hpp"
#include "windtunnel/engine/lint.hpp"

namespace windtunnel {

namespace {

constexpr double kLargestSeed = 0x1p53 - 1;
constexpr double kMostReplicationsAsNumber = static_cast<double>(kMostReplications);

bool is_name_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

/// A file's stem as a name: small letters, hyphens for everything a name cannot have.
std::string name_from(const std::string& stem) {
  std::string name = stem;
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (!is_name_letter(c)) c = '-';
  }
  return name.empty() ? "scenario" : name;
}

void read_version(ObjectReader& reader, Reading& reading) {
  const auto [value, where] =
      reader.take_required("windtunnel", "version of the grammar", "\"windtunnel\": 1");
  if (value != nullptr && !(value->is_number() && value->get<double>() == kGrammarVersion))
    reading.complain(where,
                     shown(*value) + " is not a version of the grammar that this program knows (needs 1)");
}

void read_name(ObjectReader& reader, Scenario& scenario, Reading& reading) {
  reader.text("name", scenario.name, {"name in tables and of files"});
  if (scenario.name.empty() || !std::all_of(scenario.name.begin(), scenario.name.end(), is_name_letter))
    reading.complain("/name", shown(scenario.name) +
                                  " is not a name (needs letters a to z, digits and hyphens, as in \"" +
                                  name_from(scenario.name) + "\")");
}

void read_allow(const ObjectReader::Entry& entry, Scenario& scenario, Reading& reading) {
  const auto& [value, where] = entry;
  if (value == nullptr) return;
  if (!value->is_array()) return reading.complain(where, shown(*value) + " is not a list of lint ids");
  std::vector<std::string> ids;
  for (const LintRow& row : lint_rows()) ids.emplace_back(row.id);
  for (std::size_t i = 0; i < value->size(); ++i)
    if (const auto id = read_choice((*value)[i], child(where, i), "a lint", ids, reading)) {
      const std::string& lint = ids[static_cast<std::size_t>(*id)];
      if (std::ranges::find(scenario.allow, lint) != scenario.allow.end())
        reading.complain(child(where, i), shown((*value)[i]) + " is there twice");
      scenario.allow.push_back(lint);
    }
}

void read_precision(ObjectReader& reader, Scenario& scenario, const Registry& registry, Reading& reading) {
  const auto [value, where] = reader.take("precision");
  if (value == nullptr || !is_object(*value, where, "a precision", reading)) return;
  if (reader.gives("replications"))
    reading.complain(where, "does not go with replications: write one of them");
  Precision precision;
  ObjectReader keys(*value, where, reading);
  const auto [measure, place] = keys.take_required("measure", "what has to be known well", "a measure");
  if (measure != nullptr)
    if (const auto* row = find_row(registry.measures, *measure, place, "measure", reading))
      precision.measure = row->name;
  describe_precision(keys, precision);
  keys.finish("a precision");
  scenario.replications = precision.max_replications;
  scenario.precision = std::move(precision);
}

/// Reads what stands beside world and strategies.
void read_head(ObjectReader& reader, Scenario& scenario, const Registry& registry, Reading& reading) {
  std::string schema;
  read_version(reader, reading);
  reader.text("$schema", schema, {"where an editor finds the grammar"});
  read_name(reader, scenario, reading);
  reader.text("description", scenario.description, {"what the scenario is about"});
  describe_run(reader, scenario);
  read_precision(reader, scenario, registry, reading);
  read_allow(reader.take("allow"), scenario, reading);
  reader.take_required("world", "what is true", "an object {...}");
  reader.take("defaults");
  reader.take_required("strategies", "what a team would do", "an object {\"name\": {...}}");
  reader.take("sweep");
  reader.take("expect");
  reader.finish("a scenario");
}

/// All that decides the numbers, as text.
std::string hashed_text(const Scenario& scenario, const std::vector<PointReading>& points) {
  Json grid = Json::array();
  for (const PointReading& point : points) {
    Json at = Json::object();
    for (std::size_t a = 0; a < scenario.axes.size(); ++a) at[scenario.axes[a]] = point.point.coordinates[a];
    grid.push_back(Json{{"at", at}, {"world", point.world}, {"strategies", point.strategies}});
  }
  Json all{{"windtunnel", kGrammarVersion},
           {"seed", scenario.seed},
           {"null_twin", scenario.null_twin},
           {"grid", grid}};
  for (const auto& [name, text] : scenario.files) all["files"][name] = text_hash(text);
  return all.dump();
}

/// The scenario with every default written out.
Json resolve(const Scenario& scenario, const Json& document, const std::vector<PointReading>& points) {
  Json json{{"windtunnel", kGrammarVersion}, {"name", scenario.name}};
  if (!scenario.description.empty()) json["description"] = scenario.description;
  json["seed"] = scenario.seed;
  if (scenario.precision)
    json["precision"] = Json{{"measure", scenario.precision->measure},
                             {"half_width", scenario.precision->half_width},
                             {"max_replications", scenario.precision->max_replications}};
  else
    json["replications"] = scenario.replications;
  json["null_twin"] = scenario.null_twin;
  json["allow"] = scenario.allow;
  if (scenario.axes.empty()) {
    json["world"] = points.front().world;
    json["strategies"] = points.front().strategies;
  } else {
    json["sweep"] = with_plain_integers(document.at("sweep"));
    for (const PointReading& point : points) {
      Json at;
      for (std::size_t a = 0; a < scenario.axes.size(); ++a)
        at[scenario.axes[a]] = Json::parse(point.point.coordinates[a]);
      json["grid"].push_back(Json{{"at", at}, {"world", point.world}, {"strategies", point.strategies}});
    }
  }
  json["expect"] = Json::array();
  for (const Expectation& expectation : scenario.expectations) json["expect"].push_back(written(expectation));
  return json;
}

std::string text_of(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

void describe_run(Fields& fields, Scenario& scenario) {
  i64 seed = static_cast<i64>(scenario.seed);
  fields.integer("seed", seed, {0, kLargestSeed}, {"seed of all random numbers"});
  scenario.seed = static_cast<u64>(seed);
  fields.integer("replications", scenario.replications, {1, kMostReplicationsAsNumber},
                 {"replications per cell", "replications"});
  int null_twin = scenario.null_twin ? 1 : 0;
  fields.flag("null_twin", null_twin, {"whether the world without its lasting effect is run as well"});
  scenario.null_twin = null_twin != 0;
}

void describe_precision(Fields& fields, Precision& precision) {
  fields.number("half_width", precision.half_width, kPositive,
                {"half-width of the 95 % interval to reach", "of the measure", About::Need::required});
  fields.integer("max_replications", precision.max_replications, {1, kMostReplicationsAsNumber},
                 {"where to give up", "replications"});
}

Scenario read_scenario(const std::string& text, const std::string& stem, const Registry& registry,
                       const Overrides& overrides, FileSource source) {
  std::vector<Problem> duplicates;
  Json document = parse_document(text, &duplicates);
  if (!document.is_object())
    throw InputError("", shown(document) + " is not a scenario (needs an object {\"windtunnel\": 1, ...})");
  apply_overrides(document, overrides);

  Files files(std::move(source));
  Reading reading;
  reading.files = &files;
  for (const Problem& duplicate : duplicates) reading.complain(duplicate.where, duplicate.message);
  reading.homes = [&](const std::string& key) { return homes_of_key(key, registry); };
  Scenario scenario;
  scenario.name = name_from(stem);
  ObjectReader reader(document, "", reading);
  read_head(reader, scenario, registry, reading);
  const std::vector<Axis> axes = read_axes(document, reading);
  std::vector<PointReading> points = read_grid(document, axes, registry, scenario.null_twin, reading);
  scenario.expectations = read_expectations(document, axes, points, registry, reading);
  if (!reading.problems().empty()) throw InputError(reading.problems());

  for (const Axis& axis : axes) scenario.axes.push_back(axis.name);
  scenario.files = files.texts();
  document["name"] = scenario.name;
  scenario.written = text_of(document);
  scenario.resolved = text_of(resolve(scenario, document, points));
  scenario.hash = text_hash(hashed_text(scenario, points));
  for (PointReading& point : points) scenario.grid.push_back(std::move(point.point));
  return scenario;
}

}  // namespace windtunnel

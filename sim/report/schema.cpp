#include <set>

#include "windtunnel/core/field_list.hpp"
#include "windtunnel/report/reference.hpp"

namespace windtunnel {

namespace {

Json object_schema(Json properties, Json required = Json::array()) {
  Json schema = {{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  if (!required.empty()) schema["required"] = std::move(required);
  return schema;
}

Json any_of(std::initializer_list<Json> choices) {
  return {{"anyOf", Json(choices)}};
}
Json reference(const char* name) {
  return {{"$ref", std::string("#/$defs/") + name}};
}
Json list_of(Json items) {
  return {{"type", "array"}, {"items", std::move(items)}};
}
Json whole(i64 least) {
  return {{"type", "integer"}, {"minimum", least}};
}
const Json kNumber = {{"type", "number"}};
const Json kText = {{"type", "string"}};

/// `{"type": name, ...}` of every member, or the bare name.
template <class Leaf>
Json typed_schema(std::span<const RegistryRow<Leaf>> rows, const Json& more = Json::object()) {
  Json names = Json::array(), choices = Json::array();
  for (const RegistryRow<Leaf>& row : rows) {
    names.push_back(row.name);
    Json properties = {{"type", {{"const", row.name}, {"description", row.summary}}}};
    Json required = {"type"};
    for (const FieldInfo& field : fields_of(*row.make())) {
      properties[field.key] = field.schema;
      if (field.need == About::Need::required) required.push_back(field.key);
    }
    properties.update(more);
    choices.push_back(object_schema(std::move(properties), std::move(required)));
  }
  choices.push_back({{"enum", names}});
  return {{"anyOf", choices}};
}

/// Keys any strategy may have: its own and those of all rules.
Json strategy_schema(const Registry& registry) {
  Json rules = Json::array();
  Json properties;
  properties["rule"] = Json::object();
  for (const RegistryRow<StoppingRule>& row : registry.rules) {
    rules.push_back({{"const", row.name}, {"description", row.summary}});
    for (const FieldInfo& field : fields_of(*row.make()))
      if (!properties.contains(field.key)) properties[field.key] = field.schema;
  }
  properties["rule"] = {{"anyOf", rules}};
  properties["policy"] = typed_schema(registry.policies);
  properties["days"] = whole(1);
  properties["looks"] = reference("schedule");
  properties["test"] = typed_schema(registry.analyses);
  properties["correction"] = {{"enum", {"none", "bonferroni", "dunnett", "holm"}}};
  properties["margin"] = reference("lift");
  properties["baseline"] = kNumber;
  return object_schema(std::move(properties));
}

Json distribution_schema() {
  const auto law = [](const char* type, Json properties, Json required) {
    properties["type"] = {{"const", type}};
    properties["min"] = properties["max"] = kNumber;
    required.push_back("type");
    return object_schema(std::move(properties), std::move(required));
  };
  return any_of(
      {law("normal", {{"mean", kNumber}, {"sd", kNumber}}, {"mean", "sd"}),
       law("beta", {{"a", kNumber}, {"b", kNumber}}, {"a", "b"}),
       law("point", {{"value", kNumber}}, {"value"}),
       law("discrete", {{"values", list_of(kNumber)}, {"weights", list_of(kNumber)}}, {"values", "weights"}),
       law("mixture", {{"weights", list_of(kNumber)}, {"components", list_of(reference("distribution"))}},
           {"weights", "components"})});
}

Json lift_schema() {
  const Json level = any_of({kNumber, reference("distribution")});
  const Json by_name = {{"type", "object"}, {"additionalProperties", level}};
  const Json value = any_of({kNumber, reference("distribution"), list_of(level), by_name});
  return any_of({object_schema({{"relative", value}}, {"relative"}),
                 object_schema({{"absolute", value}}, {"absolute"})});
}

Json schedule_schema() {
  Json choices = Json::array();
  for (const char* period : {"every_days", "every_hours", "every_users"})
    choices.push_back(object_schema({{period, kNumber}, {"from", kNumber}}, {period}));
  for (const char* moments : {"at_days", "at_users"})
    choices.push_back(object_schema({{moments, list_of(kNumber)}}, {moments}));
  choices.push_back(object_schema({{"equally_spaced", whole(1)}}, {"equally_spaced"}));
  return {{"anyOf", choices}};
}

Json definitions() {
  const Json level = any_of({kNumber, reference("distribution")});
  return {{"distribution", distribution_schema()},
          {"levels", any_of({kNumber, reference("distribution"), list_of(level)})},
          {"lift", lift_schema()},
          {"schedule", schedule_schema()}};
}

Json world_schema(const Registry& registry) {
  const Json traffic = object_schema({{"users_per_day", {{"type", "number"}, {"exclusiveMinimum", 0}}},
                                      {"days", whole(1)},
                                      {"rollout_days", whole(0)}},
                                     {"users_per_day", "days"});
  const Json better = {{"better", {{"enum", {"higher", "lower"}}}}};
  return object_schema({{"arms", any_of({list_of(kText), whole(1)})},
                        {"traffic", traffic},
                        {"outcome", typed_schema(registry.outcomes, better)},
                        {"effect", reference("lift")},
                        {"features", object_schema(Json::object())}},
                       {"traffic", "outcome"});
}

Json expectation_schema(const Registry& registry) {
  Json measures = Json::array();
  for (const RegistryRow<Measure>& row : registry.measures) measures.push_back(row.name);
  const Json reference_value = any_of({kNumber, kText});
  return object_schema({{"strategy", kText},
                        {"measure", {{"enum", measures}}},
                        {"cell", {{"enum", {"null", "effect", "drawn"}}}},
                        {"at", {{"type", "object"}}},
                        {"near", reference_value},
                        {"at_most", reference_value},
                        {"at_least", reference_value},
                        {"within", kNumber}},
                       {"strategy", "measure"});
}

}  // namespace

Json scenario_schema(const Registry& registry) {
  const Json precision =
      object_schema({{"measure", kText}, {"half_width", kNumber}, {"max_replications", whole(1)}},
                    {"measure", "half_width"});
  const Json strategy = strategy_schema(registry);
  Json properties = {{"$schema", kText},
                     {"windtunnel", {{"const", 1}}},
                     {"description", kText},
                     {"name", {{"type", "string"}, {"pattern", "^[a-z0-9-]+$"}}},
                     {"seed", whole(0)},
                     {"replications", whole(1)},
                     {"precision", precision},
                     {"null_twin", {{"type", "boolean"}}},
                     {"allow", list_of(kText)},
                     {"world", world_schema(registry)},
                     {"defaults", strategy},
                     {"strategies", {{"type", "object"}, {"additionalProperties", strategy}}},
                     {"sweep", {{"type", "object"}}},
                     {"expect", list_of(expectation_schema(registry))}};
  Json schema = object_schema(std::move(properties), {"windtunnel", "world", "strategies"});
  Json document = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                   {"title", "windtunnel scenario"},
                   {"$defs", definitions()}};
  document.update(schema);
  return document;
}

}  // namespace windtunnel

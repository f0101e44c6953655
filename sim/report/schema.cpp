#include "windtunnel/core/forms.hpp"
#include "windtunnel/engine/grammar.hpp"
#include "windtunnel/report/reference.hpp"

namespace windtunnel {

namespace {

/// An object with these keys and no others; or of members by name, which have them.
Json object_schema(const std::vector<FieldInfo>& keys) {
  if (!keys.empty() && keys.front().of_members) {
    std::vector<FieldInfo> of_one = keys;
    for (FieldInfo& key : of_one) key.of_members = false;
    return {{"type", "object"}, {"additionalProperties", object_schema(of_one)}};
  }
  Json properties = Json::object(), required = Json::array();
  for (const FieldInfo& key : keys) {
    if (key.of_object) continue;
    properties[key.key] = key.schema;
    if (key.need == About::Need::required) required.push_back(key.key);
  }
  Json schema = {{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  if (!required.empty()) schema["required"] = std::move(required);
  return schema;
}

/// One of the names of a family.
template <class Leaf>
Json name_schema(std::span<const RegistryRow<Leaf>> rows) {
  Json names = Json::array();
  for (const RegistryRow<Leaf>& row : rows)
    names.push_back({{"const", row.name}, {"description", row.summary}});
  return {{"anyOf", names}};
}

/// `{"type": name, ...}` of every member, or the bare name.
///   more  keys that stand beside a member's own
template <class Leaf>
Json typed_schema(std::span<const RegistryRow<Leaf>> rows, const std::vector<FieldInfo>& more = {}) {
  Json choices = name_schema(rows);
  for (const RegistryRow<Leaf>& row : rows) {
    FieldList type;
    type.other("type", "name", "", {{"const", row.name}}, {row.summary, "", About::Need::required});
    std::vector<FieldInfo> keys = type.fields(), own = fields_of(*row.make());
    keys.insert(keys.end(), own.begin(), own.end());
    keys.insert(keys.end(), more.begin(), more.end());
    choices["anyOf"].push_back(object_schema(keys));
  }
  return choices;
}

/// A choice of one word has others that the scenario itself brings, such as its segments.
Json open_choice(Json schema) {
  if (schema.value("enum", Json::array()).size() != 1) return schema;
  schema.erase("enum");
  schema["type"] = "string";
  return schema;
}

/// Keys any strategy may have: its own and those of all rules, which `defaults` may give, so that none is
/// required.
Json strategy_schema(const Registry& registry) {
  Json schema = object_schema(strategy_keys());
  Json& properties = schema["properties"];
  for (const RegistryRow<StoppingRule>& row : registry.rules)
    for (const FieldInfo& field : fields_of(*row.make()))
      if (!properties.contains(field.key)) properties[field.key] = field.schema;
  const auto add_keys = [&properties](const std::unique_ptr<Lens>& lens) {
    if (lens == nullptr) return;
    for (const FieldInfo& field : fields_of(*lens))
      if (!field.of_object) properties[field.key] = open_choice(field.schema);
  };
  for (const RegistryRow<Feature>& row : registry.features) add_keys(row.make()->lens());
  for (const RegistryRow<Outcome>& row : registry.outcomes) add_keys(row.make()->lens());
  return schema;
}

Json forms_schema(const std::vector<Form>& forms) {
  Json choices = Json::array();
  for (const Form& form : forms) choices.push_back(object_schema(form.keys));
  return {{"anyOf", choices}};
}

/// A lift, with the keys that outcomes have beside it.
Json effect_schema(const Registry& registry) {
  std::vector<Form> forms = lift_forms();
  for (Form& form : forms)
    for (const RegistryRow<Outcome>& row : registry.outcomes) {
      FieldList own;
      row.make()->describe_effect(own);
      form.keys.insert(form.keys.end(), own.fields().begin(), own.fields().end());
    }
  return forms_schema(forms);
}

/// Any features by name.
Json features_schema(std::span<const RegistryRow<Feature>> rows) {
  FieldList list;
  for (const RegistryRow<Feature>& row : rows)
    list.other(row.name, "object", "", object_schema(fields_of(*row.make())), {row.summary});
  return object_schema(list.fields());
}

/// What the schemas of keys refer to.
Json definitions(const Registry& registry) {
  Json distribution = forms_schema(distribution_forms());
  distribution["anyOf"].push_back({{"type", "number"}});
  const Json law = schema_reference("distribution");
  const Json list = {{"type", "array"}, {"items", law}};
  return {{"distribution", distribution},
          {"levels", {{"anyOf", {law, list}}}},
          {"lift", forms_schema(lift_forms())},
          {"effect", effect_schema(registry)},
          {"schedule", forms_schema(schedule_forms())},
          {"outcome", typed_schema(registry.outcomes, outcome_keys())},
          {"features", features_schema(registry.features)},
          {"policy", typed_schema(registry.policies)},
          {"rule", name_schema(registry.rules)},
          {"test", typed_schema(registry.analyses)},
          {"measure", name_schema(registry.measures)},
          {"traffic", object_schema(traffic_keys())},
          {"world", object_schema(world_keys())},
          {"strategy", strategy_schema(registry)},
          {"precision", object_schema(precision_keys())},
          {"expectation", object_schema(expectation_keys())}};
}

}  // namespace

Json scenario_schema(const Registry& registry) {
  Json document = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                   {"title", "windtunnel scenario"},
                   {"$defs", definitions(registry)}};
  document.update(object_schema(scenario_keys()));
  return document;
}

}  // namespace windtunnel

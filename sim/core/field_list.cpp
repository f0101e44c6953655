#include "windtunnel/core/field_list.hpp"

#include <cmath>

#include "windtunnel/core/number_text.hpp"

namespace windtunnel {

namespace {

/// The text of a range, or nothing when every number is allowed.
std::string allowed_text(Range range, const char* key) {
  return range.is_bounded() ? range.text(key) : "";
}

}  // namespace

Json number_schema(const Range& range, const char* type) {
  Json schema = {{"type", type}};
  using Ends = Range::Ends;
  const bool open_low = range.ends == Ends::open || range.ends == Ends::open_low;
  const bool open_high = range.ends == Ends::open || range.ends == Ends::open_high;
  if (std::isfinite(range.low)) schema[open_low ? "exclusiveMinimum" : "minimum"] = range.low;
  if (std::isfinite(range.high)) schema[open_high ? "exclusiveMaximum" : "maximum"] = range.high;
  return schema;
}

Json schema_reference(const std::string& name) {
  return {{"$ref", "#/$defs/" + name}};
}

void FieldList::add(const char* key, std::string type, std::string allowed, std::string default_value,
                    About about, Json schema) {
  if (about.need == About::Need::required) default_value.clear();
  schema["description"] = about.unit[0] == '\0' ? std::string(about.summary)
                                                : std::string(about.summary) + " [" + about.unit + "]";
  fields_.push_back({key, std::move(type), std::move(allowed), std::move(default_value), about.unit,
                     about.summary, about.need, std::move(schema), false, false, ""});
}

void FieldList::otherwise(std::string words) {
  fields_.back().default_value.clear();
  fields_.back().otherwise = std::move(words);
}

void FieldList::number(const char* key, double& value, Range range, About about) {
  add(key, "number", allowed_text(range, key), number_text(value), about, number_schema(range));
}

void FieldList::number(const char* key, std::optional<double>& value, Range range, About about) {
  add(key, "number", allowed_text(range, key), value ? number_text(*value) : "", about, number_schema(range));
}

void FieldList::integer(const char* key, i64& value, Range range, About about) {
  add(key, "whole number", allowed_text(range, key), std::to_string(value), about,
      number_schema(range, "integer"));
}

void FieldList::choice(const char* key, int& value, std::span<const char* const> names, About about) {
  std::string type;
  Json words = Json::array();
  for (const char* name : names) {
    type += (type.empty() ? "`" : ", `") + std::string(name) + "`";
    words.push_back(name);
  }
  const auto index = static_cast<std::size_t>(value);
  add(key, type, "", index < names.size() ? names[index] : "", about, {{"enum", words}});
}

void FieldList::number_or(const char* key, const char* word, std::optional<double>& value, Range range,
                          About about) {
  const Json schema = {{"anyOf", Json::array({number_schema(range), Json{{"const", word}}})}};
  add(key, std::string("number or `") + word + "`", allowed_text(range, key),
      value ? number_text(*value) : word, about, schema);
}

void FieldList::number_or_object(const char* key, std::optional<double>& value, Range range,
                                 const std::function<void(Fields&)>& describe, About about) {
  const std::size_t whole = fields_.size();
  object(key, describe, about);
  FieldInfo& field = fields_[whole];
  Json schema = field.schema;
  schema.erase("description");
  field.type = "number or object";
  field.allowed = allowed_text(range, key);
  field.default_value = value ? number_text(*value) : "";
  field.schema = {{"anyOf", Json::array({number_schema(range), schema})},
                  {"description", field.schema["description"]}};
}

void FieldList::numbers(const char* key, std::vector<double>&, Range range, About about) {
  add(key, "list of numbers", allowed_text(range, "each"), "", about,
      {{"type", "array"}, {"items", number_schema(range)}});
}

void FieldList::arm(const char* key, std::string&, About about) {
  add(key, "name of an arm", "", "", about, {{"type", "string"}});
}

void FieldList::flag(const char* key, int& value, About about) {
  add(key, "true or false", "", value != 0 ? "true" : "false", about, {{"type", "boolean"}});
}

void FieldList::lift(const char* key, std::optional<Lift>&, Range range, About about) {
  add(key, "Lift", allowed_text(range, key), "", about, schema_reference("lift"));
}

void FieldList::lift_beside(std::optional<Lift>&, About about) {
  for (const char* form : {"relative", "absolute"}) {
    add(form, "as in a Lift", "", "", {about.summary, about.unit}, Json::object());
    otherwise("one of relative and absolute is required");
  }
}

void FieldList::distribution(const char* key, std::optional<Distribution>&, Range support, About about) {
  add(key, "Distribution", allowed_text(support, key), "", about, schema_reference("distribution"));
}

void FieldList::levels(const char* key, std::vector<Distribution>&, Range support, About about) {
  add(key, "number or Distribution, or a list with one per arm", allowed_text(support, key), "", about,
      schema_reference("levels"));
}

void FieldList::object(const char* key, const std::function<void(Fields&)>& describe, About about) {
  FieldList keys;
  describe(keys);
  add(key, "object", "", "", about, {{"type", "object"}});
  for (FieldInfo field : keys.fields()) {
    fields_.back().schema["properties"][field.key] = field.schema;
    if (field.need == About::Need::required) fields_.back().schema["required"].push_back(field.key);
  }
  const std::size_t whole = fields_.size() - 1;
  fields_[whole].schema["additionalProperties"] = false;
  for (FieldInfo field : keys.fields()) {
    field.key = std::string(key) + "." + field.key;
    field.of_object = true;
    fields_.push_back(std::move(field));
  }
}

void FieldList::members(std::vector<std::string>&, const DescribeMember& describe) {
  FieldList member;
  describe(member, 0);
  for (FieldInfo field : member.fields()) {
    field.of_members = true;
    fields_.push_back(std::move(field));
  }
}

void FieldList::sample(const char* file_key, const char* column_key, SampleFile&, About about) {
  add(file_key, "text", "", "", about, {{"type", "string"}});
  add(column_key, "text", "", "", {"column to read"}, {{"type", "string"}});
  otherwise("the file is a histogram with the columns `value` and `count`");
}

void FieldList::schedule(const char* key, Schedule&, About about) {
  add(key, "Schedule", "", "", about, schema_reference("schedule"));
}

}  // namespace windtunnel

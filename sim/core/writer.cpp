#include "windtunnel/core/writer.hpp"

#include <cmath>

namespace windtunnel {

namespace {

Json written(const std::vector<double>& values) {
  Json list = Json::array();
  for (double value : values) list.push_back(windtunnel::written(value));
  return list;
}

Json written(const std::vector<Distribution>& laws) {
  Json list = Json::array();
  for (const Distribution& law : laws) list.push_back(windtunnel::written(law));
  return list;
}

}  // namespace

Json written(double value) {
  return with_plain_integers(value);
}

Json written(const Distribution& law) {
  Json json;
  switch (law.type) {
    case Distribution::Type::point:
      return written(law.value);
    case Distribution::Type::normal:
      json = {{"type", "normal"}, {"mean", written(law.mean)}, {"sd", written(law.sd)}};
      break;
    case Distribution::Type::beta:
      json = {{"type", "beta"}, {"a", written(law.a)}, {"b", written(law.b)}};
      break;
    case Distribution::Type::discrete:
      json = {{"type", "discrete"}, {"values", written(law.values)}, {"weights", written(law.weights)}};
      break;
    case Distribution::Type::mixture:
      json = {
          {"type", "mixture"}, {"weights", written(law.weights)}, {"components", written(law.components)}};
      break;
  }
  if (std::isfinite(law.minimum)) json["min"] = written(law.minimum);
  if (std::isfinite(law.maximum)) json["max"] = written(law.maximum);
  return json;
}

Json written(const Lift& lift) {
  Json values;
  for (const auto& [name, law] : lift.by_name) values[name] = written(law);
  if (lift.by_name.empty())
    values = lift.values.size() == 1 ? written(lift.values.front()) : written(lift.values);
  Json json;
  json[lift.scale == Lift::Scale::relative ? "relative" : "absolute"] = std::move(values);
  return json;
}

Json written(const Schedule& schedule) {
  const auto periodic = [&schedule](const char* key) {
    Json json;
    json[key] = written(schedule.every);
    json["from"] = written(schedule.from > 0 ? schedule.from : schedule.every);
    return json;
  };
  switch (schedule.kind) {
    case Schedule::Kind::every_days:
      return periodic("every_days");
    case Schedule::Kind::every_hours:
      return periodic("every_hours");
    case Schedule::Kind::every_users:
      return periodic("every_users");
    case Schedule::Kind::at_days:
      return {{"at_days", written(schedule.times)}};
    case Schedule::Kind::at_users:
      return {{"at_users", written(schedule.times)}};
    case Schedule::Kind::equally_spaced:
      return {{"equally_spaced", schedule.count}};
    case Schedule::Kind::at_end:
      break;
  }
  return {{"equally_spaced", 1}};
}

void ObjectWriter::number(const char* key, double& value, Range, About) {
  set(key, written(value));
}

void ObjectWriter::number(const char* key, std::optional<double>& value, Range, About) {
  if (value) set(key, written(*value));
}

void ObjectWriter::integer(const char* key, i64& value, Range, About) {
  set(key, value);
}

void ObjectWriter::choice(const char* key, int& value, std::span<const char* const> names, About) {
  set(key, names[static_cast<std::size_t>(value)]);
}

void ObjectWriter::number_or(const char* key, const char* word, std::optional<double>& value, Range, About) {
  set(key, value ? written(*value) : Json(word));
}

void ObjectWriter::number_or_object(const char* key, std::optional<double>& value, Range range,
                                    const std::function<void(Fields&)>& describe, About about) {
  if (value) return number(key, value, range, about);
  object(key, describe, about);
}

void ObjectWriter::numbers(const char* key, std::vector<double>& value, Range, About) {
  if (!value.empty()) set(key, written(value));
}

void ObjectWriter::arm(const char* key, std::string& name, About) {
  if (!name.empty()) set(key, name);
}

void ObjectWriter::flag(const char* key, int& value, About) {
  set(key, value != 0);
}

void ObjectWriter::lift(const char* key, std::optional<Lift>& value, Range, About) {
  if (value) set(key, written(*value));
}

void ObjectWriter::lift_beside(std::optional<Lift>& value, About) {
  if (!value) return;
  const Json lift = written(*value);
  set(lift.begin().key(), lift.front());
}

void ObjectWriter::distribution(const char* key, std::optional<Distribution>& value, Range, About) {
  if (value) set(key, written(*value));
}

void ObjectWriter::levels(const char* key, std::vector<Distribution>& value, Range, About) {
  if (!value.empty()) set(key, value.size() == 1 ? written(value.front()) : written(value));
}

void ObjectWriter::object(const char* key, const std::function<void(Fields&)>& describe, About) {
  ObjectWriter writer;
  describe(writer);
  if (!writer.object().empty()) set(key, writer.object());
}

void ObjectWriter::members(std::vector<std::string>& names, const DescribeMember& describe) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    ObjectWriter writer;
    describe(writer, i);
    set(names[i], writer.object());
  }
}

void ObjectWriter::sample(const char* file_key, const char* column_key, SampleFile& value, About) {
  set(file_key, value.file);
  if (!value.column.empty()) set(column_key, value.column);
}

void ObjectWriter::schedule(const char* key, Schedule& value, About) {
  set(key, written(value));
}

}  // namespace windtunnel

#pragma once

#include <string>
#include <vector>

#include "windtunnel/core/fields.hpp"
#include "windtunnel/core/json_document.hpp"

namespace windtunnel {

/// One key of a leaf, as people and editors are told about it.
struct FieldInfo {
  std::string key;
  std::string type;     ///< "number", "whole number", "one of ...", "Lift", "Distribution", "Schedule" ...
  std::string allowed;  ///< such as "0 < alpha < 1", or empty
  std::string default_value;  ///< empty when there is none
  std::string unit;
  std::string summary;
  About::Need need = About::Need::optional;
  Json schema;              ///< JSON Schema of the value
  bool of_object = false;   ///< a key of the object listed before it, whose schema tells it
  bool of_members = false;  ///< a key of every member of an object by name, see Fields::members
  std::string otherwise;    ///< what it means to leave the key out, in words, when there is no default value
};

/// JSON Schema of the numbers of a range.
///   type  "number" or "integer"
Json number_schema(const Range& range, const char* type = "number");

/// JSON Schema of what stands under a name among the definitions.
Json schema_reference(const std::string& name);

/// Collects the keys a leaf describes: what `explain`, the JSON Schema and the list of all keys are made
/// from.
class FieldList final : public Fields {
 public:
  void number(const char* key, double& value, Range range, About about) override;
  void number(const char* key, std::optional<double>& value, Range range, About about) override;
  void integer(const char* key, i64& value, Range range, About about) override;
  void choice(const char* key, int& value, std::span<const char* const> names, About about) override;
  void number_or(const char* key, const char* word, std::optional<double>& value, Range range,
                 About about) override;
  void number_or_object(const char* key, std::optional<double>& value, Range range,
                        const std::function<void(Fields&)>& describe, About about) override;
  void numbers(const char* key, std::vector<double>& value, Range range, About about) override;
  void arm(const char* key, std::string& name, About about) override;
  void flag(const char* key, int& value, About about) override;
  void lift(const char* key, std::optional<Lift>& value, Range range, About about) override;
  void lift_beside(std::optional<Lift>& value, About about) override;
  void distribution(const char* key, std::optional<Distribution>& value, Range support, About about) override;
  void levels(const char* key, std::vector<Distribution>& value, Range support, About about) override;
  void schedule(const char* key, Schedule& value, About about) override;
  void object(const char* key, const std::function<void(Fields&)>& describe, About about) override;
  void members(std::vector<std::string>& names, const DescribeMember& describe) override;
  void sample(const char* file_key, const char* column_key, SampleFile& value, About about) override;
  void refuse(const char*, const std::string&) override {}

  /// A key that is read by other means than Fields.
  ///   type, allowed  as in FieldInfo
  void other(const char* key, std::string type, std::string allowed, Json schema, About about) {
    add(key, std::move(type), std::move(allowed), "", about, std::move(schema));
  }

  /// Says in words what it means to leave out the key added last.
  void otherwise(std::string words);

  const std::vector<FieldInfo>& fields() const { return fields_; }

 private:
  void add(const char* key, std::string type, std::string allowed, std::string default_value, About about,
           Json schema);

  std::vector<FieldInfo> fields_;
};

/// The keys of a leaf.
template <class Leaf>
std::vector<FieldInfo> fields_of(Leaf& leaf) {
  FieldList list;
  leaf.describe(list);
  return list.fields();
}

}  // namespace windtunnel

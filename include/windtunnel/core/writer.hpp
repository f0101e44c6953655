#pragma once

#include <string>

#include "windtunnel/core/fields.hpp"
#include "windtunnel/core/json_document.hpp"

namespace windtunnel {

/// Writes the values of a leaf as the JSON object that reads back as them, every default included; values
/// that are absent are left out. Equal leaves give equal texts.
class ObjectWriter final : public Fields {
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

  /// Adds a value that no leaf describes.
  void set(const std::string& key, Json value) { object_[key] = std::move(value); }

  const Json& object() const { return object_; }

 private:
  Json object_ = Json::object();
};

/// A number, integral ones without a fraction.
Json written(double value);
Json written(const Distribution& law);
Json written(const Lift& lift);
Json written(const Schedule& schedule);

}  // namespace windtunnel

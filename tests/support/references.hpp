#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

#include "places.hpp"

namespace windtunnel {

/// One known answer of tests/support/references.json: parameters, numbers and their tolerances.
class Reference {
 public:
  explicit Reference(nlohmann::json entry)
      : params(entry.at("params")), value_(entry.at("value")), tolerance_(entry.at("tol")) {}

  /// The i-th number (a scalar value is number 0); throws nlohmann::json::exception if there is none.
  double value(std::size_t i = 0) const { return at(value_, i); }

  /// The tolerance of the i-th number: the only one if the entry gives one for all.
  double tol(std::size_t i = 0) const {
    return tolerance_.is_array() ? at(tolerance_, i) : at(tolerance_, 0);
  }

  std::size_t size() const { return value_.is_array() ? value_.size() : 1; }

  nlohmann::json params;

 private:
  static double at(const nlohmann::json& numbers, std::size_t i) {
    if (numbers.is_array()) return numbers.at(i).get<double>();
    if (i != 0) throw std::out_of_range("a reference with one number was asked for another");
    return numbers.get<double>();
  }

  nlohmann::json value_, tolerance_;
};

/// The entry called `id`; throws std::runtime_error if there is none, so that a misspelt test cannot pass.
inline Reference reference(std::string_view id) {
  static const nlohmann::json entries = [] {
    const std::string path = std::string(WINDTUNNEL_SOURCE_DIR) + "/tests/support/references.json";
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot read " + path);
    return nlohmann::json::parse(file);
  }();
  for (const nlohmann::json& entry : entries)
    if (entry.at("id").get<std::string>() == id) return Reference(entry);
  throw std::runtime_error("references.json has no entry " + std::string(id));
}

}  // namespace windtunnel

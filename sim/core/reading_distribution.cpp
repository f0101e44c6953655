#include <cmath>

#include "windtunnel/core/forms.hpp"
#include "windtunnel/core/number_text.hpp"
#include "windtunnel/core/reader.hpp"

namespace windtunnel {

namespace {

constexpr const char* kTypes[] = {"point", "normal", "beta", "discrete", "mixture"};

constexpr About kType{"name of the law", "", About::Need::required};
constexpr About kComponents{"laws that are mixed", "", About::Need::required};

/// Whether single values have positive probability, so that the ends of the support are really drawn.
bool has_atoms(const Distribution& law) {
  for (const Distribution& component : law.components)
    if (has_atoms(component)) return true;
  return law.type == Distribution::Type::point || law.type == Distribution::Type::discrete;
}

/// Complains of a law that can leave `legal`, naming what to write.
bool check_support(const Distribution& law, const std::string& where, const std::string& key,
                   const Range& legal, Reading& reading) {
  const auto [low, high] = law.support();
  const bool inside =
      has_atoms(law) ? legal.contains(low) && legal.contains(high) : low >= legal.low && high <= legal.high;
  if (inside) return true;
  std::string excess, remedy;
  if (low < legal.low) {
    excess = "can fall below " + spoken_number(legal.low);
    remedy = "\"min\": " + spoken_number(legal.low);
  }
  if (high > legal.high) {
    excess += (excess.empty() ? "can exceed " : " and exceed ") + spoken_number(legal.high);
    remedy += (remedy.empty() ? "\"max\": " : ", \"max\": ") + spoken_number(legal.high);
  }
  reading.complain(where, excess.empty() ? "touches an end that is excluded (needs " + legal.text(key) + ")"
                                         : excess + " (needs " + legal.text(key) + "); write " + remedy);
  return false;
}

/// The parameters of a law whose type is known, but for the components of a mixture.
void describe_parameters(Fields& fields, Distribution& law) {
  constexpr auto required = About::Need::required;
  switch (law.type) {
    case Distribution::Type::point:
      return fields.number("value", law.value, {}, {"the value", "", required});
    case Distribution::Type::normal:
      fields.number("mean", law.mean, {}, {"mean, before truncation", "", required});
      return fields.number("sd", law.sd, kPositive, {"standard deviation, before truncation", "", required});
    case Distribution::Type::beta:
      fields.number("a", law.a, kPositive, {"first shape", "", required});
      return fields.number("b", law.b, kPositive, {"second shape", "", required});
    case Distribution::Type::discrete:
      fields.numbers("values", law.values, {}, {"values that can be drawn", "", required});
      break;
    case Distribution::Type::mixture:
      break;
  }
  fields.numbers("weights", law.weights, kPositive, {"how often each is drawn; any sum", "", required});
}

void describe_truncation(Fields& fields, std::optional<double>& low, std::optional<double>& high) {
  fields.number("min", low, {}, {"smallest value that is drawn: the law is conditioned on it"});
  fields.number("max", high, {}, {"largest value that is drawn: the law is conditioned on it"});
}

void read_components(ObjectReader& reader, const std::string& key, Distribution& law, Reading& reading) {
  const auto [list, where] = reader.take_required("components", kComponents.summary, "a list");
  if (list == nullptr) return;
  if (!list->is_array()) return reading.complain(where, shown(*list) + " is not a list");
  for (std::size_t i = 0; i < list->size(); ++i)
    if (auto component = read_distribution((*list)[i], child(where, i), key, {}, reading))
      law.components.push_back(std::move(*component));
}

/// Reads the parameters of a law whose type is known.
void read_parameters(ObjectReader& reader, const std::string& key, Distribution& law, Reading& reading) {
  if (law.type == Distribution::Type::mixture) read_components(reader, key, law, reading);
  describe_parameters(reader, law);
  const std::size_t parts = law.values.size() + law.components.size();
  if (law.weights.size() != parts)
    reader.refuse("weights",
                  "has " + counted(law.weights.size(), "weight") + " for " +
                      counted(parts, law.type == Distribution::Type::discrete ? "value" : "component"));
}

void read_truncation(ObjectReader& reader, Distribution& law) {
  std::optional<double> low, high;
  describe_truncation(reader, low, high);
  if (low && high && *low > *high)
    reader.refuse("min", spoken_number(*low) + " is above max = " + spoken_number(*high));
  law.minimum = low.value_or(law.minimum);
  law.maximum = high.value_or(law.maximum);
}

}  // namespace

std::optional<Distribution> read_distribution(const Json& value, const std::string& where,
                                              const std::string& key, const Range& support,
                                              Reading& reading) {
  if (!value.is_object()) {
    const std::string bounds = support.text(key);
    if (!value.is_number()) {
      reading.complain(where, shown(value) +
                                  " is neither a number nor a distribution {\"type\": ...} (needs " + bounds +
                                  ")" + share_meant(value, support));
      return {};
    }
    const auto x = read_number(value, where, key, support, reading);
    return x ? std::optional(Distribution::point(*x)) : std::nullopt;
  }
  const int before = reading.complaints();
  Distribution law;
  ObjectReader reader(value, where, reading);
  int type = -1;
  reader.choice("type", type, kTypes, kType);
  if (type < 0) return {};
  law.type = static_cast<Distribution::Type>(type);
  read_parameters(reader, key, law, reading);
  read_truncation(reader, law);
  reader.finish(std::string("distribution ") + kTypes[type]);
  if (reading.complaints() != before) return {};
  // Written so that a share that is not a number is refused as well.
  if (!(law.kept() > 0)) {
    reading.complain(where,
                     "nothing can be drawn between min and max: they leave no part of the distribution");
    return {};
  }
  if (!check_support(law, where, key, support, reading)) return {};
  return law.is_point() ? Distribution::point(law.value) : law;
}

std::vector<Form> distribution_forms() {
  std::vector<Form> forms;
  for (const char* name : kTypes) {
    Distribution law;
    law.type = static_cast<Distribution::Type>(forms.size());
    FieldList list;
    int only = 0;
    list.choice("type", only, std::span(&name, 1), kType);
    if (law.type == Distribution::Type::mixture)
      list.other("components", "list of numbers and Distributions", "",
                 {{"type", "array"}, {"items", schema_reference("distribution")}}, kComponents);
    describe_parameters(list, law);
    std::optional<double> low, high;
    describe_truncation(list, low, high);
    forms.push_back({name, list.fields()});
  }
  return forms;
}

}  // namespace windtunnel

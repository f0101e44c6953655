#include <algorithm>
#include <cmath>
#include <regex>

#include "commands/examples.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"
#include "windtunnel/core/json_document.hpp"

using namespace windtunnel;

namespace {

/// As much of JSON Schema as the scenario schema uses. Keywords it does not know throw, so that no constraint
/// is passed over.
class Schema {
 public:
  explicit Schema(Json root) : root_(std::move(root)) {}

  bool accepts(const Json& value) const { return accepts(value, root_); }

 private:
  bool accepts(const Json& value, const Json& schema) const {
    return std::all_of(schema.items().begin(), schema.items().end(), [&](const auto& item) {
      return holds(item.key(), item.value(), value) &&
             (item.key() != "additionalProperties" || others_hold(value, schema));
    });
  }

  bool holds(const std::string& keyword, const Json& rule, const Json& value) const {
    const auto accepted = [&](const Json& choice) { return accepts(value, choice); };
    const auto has_key = [&](const Json& key) { return value.contains(key.get<std::string>()); };
    const double number = value.is_number() ? value.get<double>() : NAN;
    if (keyword == "$ref")
      return accepts(value, root_.at(Json::json_pointer(rule.get<std::string>().substr(1))));
    if (keyword == "type") return has_type(value, rule.get<std::string>());
    if (keyword == "const") return value == rule;
    if (keyword == "enum") return std::find(rule.begin(), rule.end(), value) != rule.end();
    if (keyword == "minimum") return !(number < rule.get<double>());
    if (keyword == "maximum") return !(number > rule.get<double>());
    if (keyword == "exclusiveMinimum") return !(number <= rule.get<double>());
    if (keyword == "exclusiveMaximum") return !(number >= rule.get<double>());
    if (keyword == "pattern")
      return std::regex_search(value.get<std::string>(), std::regex(rule.get<std::string>()));
    if (keyword == "required") return std::all_of(rule.begin(), rule.end(), has_key);
    if (keyword == "anyOf") return std::any_of(rule.begin(), rule.end(), accepted);
    if (keyword == "properties") return properties_hold(value, rule);
    if (keyword == "items")
      return std::all_of(value.begin(), value.end(), [&](const Json& item) { return accepts(item, rule); });
    for (const char* silent : {"$schema", "title", "$defs", "description", "default", "additionalProperties"})
      if (keyword == silent) return true;
    throw std::logic_error("keyword " + keyword + " is not known here");
  }

  static bool has_type(const Json& value, const std::string& type) {
    if (type == "integer") return value.is_number() && value.get<double>() == std::floor(value.get<double>());
    if (type == "number") return value.is_number();
    return type == value.type_name();
  }

  bool properties_hold(const Json& value, const Json& properties) const {
    const auto items = value.items();
    return std::all_of(items.begin(), items.end(), [&](const auto& item) {
      return !properties.contains(item.key()) || accepts(item.value(), properties[item.key()]);
    });
  }

  /// Keys that `properties` does not name.
  bool others_hold(const Json& value, const Json& schema) const {
    if (!value.is_object()) return true;
    const Json& rule = schema["additionalProperties"];
    const auto items = value.items();
    return std::all_of(items.begin(), items.end(), [&](const auto& item) {
      if (schema.contains("properties") && schema["properties"].contains(item.key())) return true;
      return rule.is_boolean() ? rule.get<bool>() : accepts(item.value(), rule);
    });
  }

  Json root_;
};

}  // namespace

TEST_CASE("schema: accepts every scenario of the folder", "[commands]") {
  const Schema schema(Json::parse(windtunnel_program({"schema"}).out));
  REQUIRE(examples().size() >= 9);
  for (const Example& example : examples()) {
    INFO(example.name);
    CHECK(schema.accepts(parse_document(example.text)));
  }
}

TEST_CASE("schema: refuses what the reader refuses", "[commands]") {
  const Schema schema(Json::parse(windtunnel_program({"schema"}).out));
  const Json good = parse_document(file_text(scenario_file("daily-peeking")));
  struct Edit {
    const char* pointer;
    const char* value;
  };
  for (const Edit& edit : {Edit{"/windtunnel", "2"},
                           Edit{"/colour", "1"},
                           Edit{"/replications", "0"},
                           Edit{"/replications", "1.5"},
                           Edit{"/name", "\"A B\""},
                           Edit{"/world/traffic/days", "0"},
                           Edit{"/world/traffic/days", "100001"},
                           Edit{"/world/arms", "1"},
                           Edit{"/expect/0/within", "-1"},
                           Edit{"/world/effect", "{\"relative\": true}"},
                           Edit{"/strategies/SPRT/looks", "{\"at_days\": [0]}"},
                           Edit{"/world/traffic/users_per_day", "0"},
                           Edit{"/world/outcome/type", "\"cauchy\""},
                           Edit{"/world/outcome/sd", "1"},
                           Edit{"/world/effect", "{\"times\": 2}"},
                           Edit{"/strategies/SPRT/rule", "\"sprd\""},
                           Edit{"/strategies/SPRT/alpha", "1"},
                           Edit{"/strategies/SPRT/looks", "{\"every_months\": 1}"},
                           Edit{"/strategies/SPRT", "1"},
                           Edit{"/expect/0/measure", "\"powr\""},
                           Edit{"/precision", "{\"measure\": \"regret\"}"}}) {
    Json wrong = good;
    set_at(wrong, edit.pointer, Json::parse(edit.value));
    INFO(edit.pointer << " " << edit.value);
    CHECK_FALSE(schema.accepts(wrong));
    CHECK(windtunnel_program({"check", "-"}, wrong.dump()).status == 2);
  }
  Json without = good;
  without.erase("world");
  CHECK_FALSE(schema.accepts(without));
}

#include <regex>

#include "support/catch.hpp"
#include "support/program.hpp"
#include "windtunnel/core/json_document.hpp"

using namespace windtunnel;

namespace {

/// Keys an object takes, as the reader tells them when it meets one it does not know.
std::vector<std::string> keys_taken(const std::string& pointer, const std::string& object) {
  Json document = parse_document(file_text(scenario_file("daily-peeking")));
  Json value = Json::parse(object);
  value["zzz"] = 1;
  if (pointer.empty())
    document.update(value);
  else
    set_at(document, pointer, value);
  const std::string told = windtunnel_program({"check", "-"}, document.dump()).err;
  const std::string place = pointer + "/zzz: unknown key";
  const std::string line = told.substr(std::min(told.find(place), told.size()));
  std::smatch list;
  std::vector<std::string> keys;
  if (!std::regex_search(line, list, std::regex(" takes ([^)]*)\\)"))) return keys;
  const std::string names = list[1];
  const std::regex name("[^, ]+");
  for (std::sregex_iterator at(names.begin(), names.end(), name), end; at != end; ++at)
    keys.push_back(at->str());
  return keys;
}

}  // namespace

TEST_CASE("list: every key the reader takes is among all keys", "[commands]") {
  const std::string keys = windtunnel_program({"list", "keys"}).out;
  struct Case {
    const char* pointer;
    const char* object;
    const char* prefix;
    std::size_t least;
  };
  for (const Case& c : {Case{"", "{}", "", 13},
                        {"/precision", "{}", "precision.", 3},
                        {"/world", "{}", "world.", 5},
                        {"/world/traffic", "{}", "world.traffic.", 3},
                        {"/world/features/carryover", R"({"absolute": 0})", "", 4},
                        {"/expect/0", "{}", "expect[].", 8},
                        {"/world/outcome/rate", R"({"type": "point"})", "", 4},
                        {"/world/outcome/rate", R"({"type": "normal"})", "", 5},
                        {"/world/outcome/rate", R"({"type": "beta"})", "", 5},
                        {"/world/outcome/rate", R"({"type": "discrete"})", "", 5},
                        {"/world/outcome/rate", R"({"type": "mixture"})", "", 5},
                        {"/strategies/SPRT/looks", R"({"every_days": 1})", "", 2},
                        {"/strategies/SPRT/looks", R"({"every_hours": 1})", "", 2},
                        {"/strategies/SPRT/looks", R"({"every_users": 1})", "", 2},
                        {"/strategies/SPRT/looks", R"({"at_days": [1]})", "", 1},
                        {"/strategies/SPRT/looks", R"({"at_users": [1]})", "", 1},
                        {"/strategies/SPRT/looks", R"({"equally_spaced": 2})", "", 1}}) {
    INFO(c.pointer << " " << c.object);
    const std::vector<std::string> taken = keys_taken(c.pointer, c.object);
    CHECK(taken.size() >= c.least);
    for (const std::string& key : taken) {
      INFO(key);
      CHECK(holds(keys, std::string("| `") + c.prefix + key + "` | "));
    }
  }
}

TEST_CASE("list: rows of keys tell the range and the default that the reader has", "[commands]") {
  const std::string keys = windtunnel_program({"list", "keys"}).out;
  for (const char* row : {"| `world.traffic.days` | whole number | days | 1 <= days <= 100000 | required |",
                          "| `world.arms` | list of names, or a count | arms | 2 <= arms <= 1000 |",
                          "| `strategies.*.margin` | Lift | – | – | none |",
                          "| `strategies.*.rule` | name | – | see Rules | `ship_leader` |",
                          "| `from` | number | days | from > 0 | the same as every_days |",
                          "| `expect[].within` | number | – | within >= 0 | 0.01 near a rate,"})
    CHECK(holds(keys, row));
  Json document = parse_document(file_text(scenario_file("daily-peeking")));
  set_at(document, "/world/traffic/days", 100001);
  CHECK(holds(windtunnel_program({"check", "-"}, document.dump()).err, "(needs 1 <= days <= 100000)"));
}

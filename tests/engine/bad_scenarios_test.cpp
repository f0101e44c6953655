#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "engine/scenario_reading.hpp"
#include "places.hpp"
#include "support/catch.hpp"
#include "windtunnel/core/error.hpp"
#include "windtunnel/core/json_document.hpp"
#include "windtunnel/engine/scenario.hpp"

namespace windtunnel {
namespace {

/// One wrong scenario: what is changed in a good one, or a whole text, and all that a person is told.
struct Case {
  std::string title;
  std::vector<std::pair<std::string, std::string>> edits;  // pointer, JSON; an empty JSON removes the key
  std::string text;
  std::string expected;
};

/// The good scenario that every case spoils.
constexpr const char* kGood = R"({
  "windtunnel": 1,
  "world": {
    "traffic": {"users_per_day": 2000, "days": 14},
    "outcome": {"type": "bernoulli", "rate": 0.05},
    "effect": {"relative": 0.15}
  },
  "strategies": {
    "fixed": {"rule": "fixed_horizon"},
    "peek": {"rule": "naive_peeking", "looks": {"every_days": 1}},
    "SPRT": {"rule": "sprt", "mde": {"relative": 0.15}, "baseline": 0.05}
  }
})";

void remove_at(Json& document, const std::string& pointer) {
  std::vector<std::string> steps = pointer_steps(pointer);
  Json* place = &document;
  for (std::size_t i = 0; i + 1 < steps.size(); ++i) place = &(*place)[steps[i]];
  place->erase(steps.back());
}

std::string text_of(const Case& c) {
  if (!c.text.empty()) return c.text;
  Json document = parse_document(kGood);
  for (const auto& [pointer, value] : c.edits) {
    if (value.empty())
      remove_at(document, pointer);
    else
      set_at(document, pointer, parse_document(value));
  }
  return document.dump();
}

/// The names a family has, so that the table does not change when one is added: "{rules}" and so on.
void expand_names(std::string& text) {
  const std::pair<const char*, std::string> families[] = {
      {"{outcomes}", listed(names_of(registry().outcomes))},
      {"{policies}", listed(names_of(registry().policies))},
      {"{tests}", listed(names_of(registry().analyses))},
      {"{rules}", listed(names_of(registry().rules))},
      {"{measures}", listed(names_of(registry().measures))}};
  for (const auto& [mark, names] : families)
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + names.size()))
      text.replace(at, std::string(mark).size(), names);
}

/// Reads the table: `# title`, then `/pointer = JSON` lines or `text: ...` lines, then `> message` lines.
std::vector<Case> read_cases() {
  std::ifstream file(std::string(WINDTUNNEL_SOURCE_DIR) + "/tests/engine/bad_scenarios.txt");
  REQUIRE(file);
  std::vector<Case> cases;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("# ")) {
      cases.push_back({line.substr(2), {}, "", ""});
    } else if (line.starts_with("> ")) {
      expand_names(line);
      cases.back().expected += line.substr(2) + "\n";
    } else if (line.starts_with("text: ")) {
      cases.back().text += (cases.back().text.empty() ? "" : "\n") + line.substr(6);
    } else if (!line.empty()) {
      const std::size_t equals = line.find(" =");
      REQUIRE(equals != std::string::npos);
      const std::string value = line.substr(equals + 2);
      cases.back().edits.emplace_back(line.substr(0, equals), value.empty() ? "" : value.substr(1));
    }
  }
  return cases;
}

/// What a person is told of a scenario; empty when nothing is wrong.
std::string told(const std::string& text) {
  try {
    read_scenario(text, "bad", registry());
    return "";
  } catch (const InputError& error) {
    std::string lines;
    for (const Problem& problem : error.problems())
      lines += (problem.where.empty() ? "" : problem.where + ": ") + problem.message + "\n";
    return lines;
  }
}

TEST_CASE("bad scenarios: every one is refused with the whole message of the table", "[engine]") {
  const std::vector<Case> cases = read_cases();
  CHECK(cases.size() >= 60);
  for (const Case& c : cases) {
    INFO(c.title);
    CHECK(!c.expected.empty());
    CHECK(told(text_of(c)) == c.expected);
  }
}

TEST_CASE("bad scenarios: the scenario they spoil is good", "[engine]") {
  CHECK(told(kGood) == "");
}

}  // namespace
}  // namespace windtunnel

#include "windtunnel/engine/scenario.hpp"

#include "engine/scenario_reading.hpp"
#include "support/catch.hpp"
#include "windtunnel/core/error.hpp"
#include "windtunnel/core/json_document.hpp"

namespace windtunnel {
namespace {

/// A small good scenario with the parts under test put in.
///   world  keys beside traffic and outcome, each after a comma
std::string scenario_with(const std::string& world, const std::string& strategies,
                          const std::string& more = "") {
  return R"({"windtunnel": 1, "world": {"traffic": {"users_per_day": 100, "days": 10}, )" + world +
         R"(}, "strategies": {)" + strategies + "}" + (more.empty() ? "" : ", " + more) + "}";
}

constexpr const char* kCoin = R"("outcome": {"type": "bernoulli", "rate": 0.1}, "effect": {"relative": 0.5})";
constexpr const char* kFixed = R"("fixed": {"rule": "fixed_horizon"})";

Scenario read(const std::string& text, const Overrides& overrides = {}) {
  return read_scenario(text, "some_File", registry(), overrides);
}

std::string hash_of(const std::string& more) {
  return read(scenario_with(kCoin, kFixed, more)).hash;
}

TEST_CASE("scenario: absent keys have the defaults of the grammar", "[engine]") {
  const Scenario scenario = read(scenario_with(kCoin, R"("leader": {})"));
  CHECK(scenario.name == "some-file");
  CHECK(scenario.seed == 1);
  CHECK(scenario.replications == 100'000);
  CHECK(scenario.null_twin);
  REQUIRE(scenario.grid.size() == 1);
  const WorldSpec& world = scenario.grid[0].world;
  CHECK(world.arms == std::vector<std::string>{"control", "treatment"});
  CHECK(world.rollout_days == 0);
  CHECK(world.better == Better::higher);
  const Strategy& strategy = scenario.grid[0].strategies.at(0);
  CHECK(strategy.rule_name == "ship_leader");
  CHECK(Json::parse(strategy.policy_text).at("type") == "fixed_split");
  CHECK(strategy.days == 10);
  CHECK(strategy.looks.kind == Schedule::Kind::at_end);
  CHECK(strategy.correction == Correction::none);
}

TEST_CASE("scenario: the test defaults by outcome", "[engine]") {
  const auto test_of = [](const std::string& world) {
    return Json::parse(read(scenario_with(world, kFixed)).grid[0].strategies[0].analysis_text).at("type");
  };
  CHECK(test_of(kCoin) == "z_pooled");
  CHECK(test_of(R"("outcome": {"type": "normal", "mean": 1, "sd": 2})") == "welch_t");
}

TEST_CASE("scenario: counts name the arms", "[engine]") {
  const auto arms_of = [](const std::string& count) {
    return read(scenario_with(R"("outcome": {"type": "bernoulli", "rate": 0.1}, "arms": )" + count, kFixed))
        .grid[0]
        .world.arms;
  };
  CHECK(arms_of("2") == std::vector<std::string>{"control", "treatment"});
  CHECK(arms_of("4") == std::vector<std::string>{"control", "treatment_1", "treatment_2", "treatment_3"});
  CHECK(arms_of("1e3").size() == 1000);
  CHECK(arms_of(R"(["old", "new"])") == std::vector<std::string>{"old", "new"});
}

TEST_CASE("scenario: numbers per arm are absolute effects and have a null twin", "[engine]") {
  const Scenario scenario = read(
      scenario_with(R"("arms": 3, "outcome": {"type": "bernoulli", "rate": [0.25, 0.5, 0.125]})", kFixed));
  const WorldSpec& world = scenario.grid[0].world;
  CHECK(world.outcome->levels() == std::vector<Distribution>{Distribution::point(0.25)});
  REQUIRE(world.effect);
  CHECK(world.effect->scale == Lift::Scale::absolute);
  CHECK(world.effect->values ==
        std::vector<Distribution>{Distribution::point(0.25), Distribution::point(-0.125)});
  const Scenario spelt = read(scenario_with(
      R"("arms": 3, "outcome": {"type": "bernoulli", "rate": 0.25}, "effect": {"absolute": [0.25, -0.125]})",
      kFixed));
  CHECK(scenario.hash == spelt.hash);
}

TEST_CASE("scenario: drawn levels stay one law per arm", "[engine]") {
  const Scenario scenario = read(
      scenario_with(R"("outcome": {"type": "bernoulli", "rate": [0.1, {"type": "beta", "a": 1, "b": 9}]})",
                    kFixed, R"("expect": [{"strategy": "fixed", "measure": "ship_rate", "near": 0.5}])"));
  CHECK(scenario.grid[0].world.outcome->levels().size() == 2);
  CHECK(scenario.expectations.at(0).cell == "drawn");
}

TEST_CASE("scenario: defaults go to strategies that take them and have none of their own", "[engine]") {
  const Scenario scenario = read(scenario_with(
      kCoin, R"("a": {"rule": "fixed_horizon"}, "b": {"rule": "fixed_horizon", "alpha": 0.01}, "c": {})",
      R"("defaults": {"alpha": 0.1, "days": 5, "correction": "bonferroni"})"));
  const std::vector<Strategy>& strategies = scenario.grid[0].strategies;
  CHECK(strategies[0].rule->alpha() == 0.1);
  CHECK(strategies[1].rule->alpha() == 0.01);
  CHECK(strategies[2].days == 5);
  CHECK(strategies[0].correction == Correction::bonferroni);
  CHECK(strategies[2].correction == Correction::none);
}

TEST_CASE("scenario: a default that some strategy at some point of the sweep takes is fine", "[engine]") {
  const Scenario scenario = read(scenario_with(
      kCoin, R"("a": {})",
      R"("defaults": {"alpha": 0.1}, "sweep": {"rule": {"/strategies/a/rule": ["ship_leader", "fixed_horizon"]}})"));
  CHECK(scenario.grid[1].strategies[0].rule->alpha() == 0.1);
}

TEST_CASE("scenario: axes multiply and the last varies fastest", "[engine]") {
  const Scenario scenario = read(scenario_with(kCoin, kFixed, R"("sweep": {
      "days": {"/world/traffic/days": [7, 1.4e1], "/strategies/fixed/days": [3, 4]},
      "effect": {"/world/effect/relative": [0, 0.1, 0.2]}})"));
  CHECK(scenario.axes == std::vector<std::string>{"days", "effect"});
  REQUIRE(scenario.grid.size() == 6);
  CHECK(scenario.grid[1].coordinates == std::vector<std::string>{"7", "0.1"});
  CHECK(scenario.grid[5].coordinates == std::vector<std::string>{"14", "0.2"});
  CHECK(scenario.grid[5].world.days == 14);
  CHECK(scenario.grid[5].strategies[0].days == 4);
  CHECK(scenario.grid[4].world.effect->values[0].value == 0.1);
}

TEST_CASE("scenario: a sweep may write a legal key that is not there", "[engine]") {
  const Scenario scenario = read(scenario_with(
      R"("outcome": {"type": "bernoulli", "rate": 0.1})", kFixed,
      R"("sweep": {"x": {"/world/effect/absolute": [0, 0.1]}, "y": {"/defaults/alpha": [0.1, 0.2]}})"));
  CHECK(scenario.grid.size() == 4);
  CHECK(scenario.grid[3].strategies[0].rule->alpha() == 0.2);
}

TEST_CASE("scenario: points that differ in the effect alone share their null twin's text", "[engine]") {
  const Scenario scenario = read(scenario_with(
      kCoin, kFixed,
      R"("sweep": {"effect": {"/world/effect/relative": [0, 0.5]}, "alpha": {"/strategies/fixed/alpha": [0.05, 0.1]}})"));
  CHECK(scenario.grid[0].null_text == scenario.grid[2].null_text);
  CHECK(scenario.grid[0].null_text != scenario.grid[1].null_text);
}

TEST_CASE("scenario: the hash covers what decides the numbers", "[engine]") {
  const std::string hash = hash_of("");
  CHECK(hash.size() == 32);
  CHECK(hash.find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(hash_of(R"("seed": 2)") != hash);
  CHECK(hash_of(R"("null_twin": false)") != hash);
  CHECK(hash_of(R"("defaults": {"alpha": 0.1})") != hash);
  CHECK(hash_of(R"("sweep": {"days": {"/world/traffic/days": [10]}})") != hash);
}

TEST_CASE("scenario: the hash leaves out names and amounts of work", "[engine]") {
  const std::string hash = hash_of("");
  CHECK(hash_of(R"("name": "other", "description": "words", "$schema": "x.json")") == hash);
  CHECK(hash_of(R"("replications": 7)") == hash);
  CHECK(hash_of(R"("precision": {"measure": "ship_rate", "half_width": 0.1})") == hash);
  CHECK(hash_of(R"("allow": ["low_power"])") == hash);
  CHECK(
      hash_of(
          R"("expect": [{"strategy": "fixed", "cell": "null", "measure": "rejection_rate", "near": 0.05}])") ==
      hash);
  CHECK(hash_of(R"("seed": 1, "null_twin": true, "defaults": {"alpha": 0.05, "days": 10.0})") == hash);
}

TEST_CASE("scenario: the hash is XXH3 with 128 bits in canonical order", "[engine]") {
  // The published value for no input.
  CHECK(text_hash("") == "99aa06d3014798d86001c324468d497f");
  CHECK(text_hash("a") != text_hash("b"));
}

TEST_CASE("scenario: what is resolved reads as the same scenario", "[engine]") {
  const std::string text = scenario_with(
      R"("arms": ["a", "b", "c"], "outcome": {"type": "normal", "mean": 1, "sd": 2, "better": "lower"},
         "effect": {"absolute": {"b": 0.1, "c": {"type": "normal", "mean": 0, "sd": 1}}})",
      R"("one": {"rule": "naive_peeking", "looks": {"every_hours": 12}, "margin": {"relative": 0.1}, "baseline": 2,
                 "policy": {"type": "fixed_split", "shares": [2, 1, 1]}, "test": {"type": "z_known", "sd": 1}},
         "two": {"rule": "sprt", "mde": {"absolute": 0.2}, "variance": "plug_in"},
         "three": {"rule": "msprt", "mde": {"absolute": 0.2}, "looks": {"at_users": [100, 200]}})",
      R"("defaults": {"alpha": 0.1}, "seed": 5, "replications": 1e3, "allow": ["low_power"],
         "expect": [{"strategy": "one", "measure": "mean_users", "at_most": "two"}])");
  const Scenario scenario = read(text), again = read(scenario.resolved), written = read(scenario.written);
  CHECK(again.hash == scenario.hash);
  CHECK(again.resolved == scenario.resolved);
  CHECK(written.resolved == scenario.resolved);
}

TEST_CASE("scenario: what is written reads as the same scenario with a sweep and overrides", "[engine]") {
  Overrides overrides;
  overrides.set = {{"world.traffic.users_per_day", "50"}};
  const Scenario scenario =
      read(scenario_with(kCoin, kFixed, R"("sweep": {"days": {"/world/traffic/days": [7, 14]}})"), overrides);
  const Scenario again = read(scenario.written);
  CHECK(again.hash == scenario.hash);
  CHECK(again.resolved == scenario.resolved);
  CHECK(Json::parse(scenario.resolved).at("grid").size() == 2);
}

TEST_CASE("overrides: paths with dots and pointers set values and bare words", "[engine]") {
  Overrides overrides;
  overrides.set = {{"world.traffic.days", "28"},
                   {"/strategies/fixed/rule", "naive_peeking"},
                   {"world.effect", "{\"absolute\": 0.1}"}};
  overrides.seed = 9;
  overrides.replications = 77;
  const Scenario scenario = read(scenario_with(kCoin, kFixed), overrides);
  CHECK(scenario.grid[0].world.days == 28);
  CHECK(scenario.grid[0].strategies[0].rule_name == "naive_peeking");
  CHECK(scenario.grid[0].world.effect->scale == Lift::Scale::absolute);
  CHECK(scenario.seed == 9);
  CHECK(scenario.replications == 77);
}

TEST_CASE("overrides: replications and precision replace each other", "[engine]") {
  Overrides precise, counted;
  precise.precision = Precision{"ship_rate", 0.01, 5000};
  counted.replications = 10;
  CHECK(read(scenario_with(kCoin, kFixed, R"("replications": 5)"), precise).replications == 5000);
  CHECK(!read(scenario_with(kCoin, kFixed, R"("precision": {"measure": "ship_rate", "half_width": 0.1})"),
              counted)
             .precision);
}

TEST_CASE("overrides: what cannot be set is told with the path as it was given", "[engine]") {
  const auto told = [](const std::string& path, const std::string& more = "") {
    Overrides overrides;
    overrides.set = {{path, "1"}};
    try {
      read(scenario_with(kCoin, kFixed, more), overrides);
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(told("world.traffic.days.x") ==
        "--set world.traffic.days.x: /world/traffic/days is 10: it has no key \"x\"");
  CHECK(told("world.traffic.days", R"("sweep": {"days": {"/world/traffic/days": [7, 14]}})") ==
        "--set world.traffic.days: the sweep's axis \"days\" sets this at every point");
  CHECK(told("") == "--set : names nothing (needs a path such as world.traffic.days)");
}

TEST_CASE("expectations: tolerances default for rates and bounds", "[engine]") {
  const Scenario scenario = read(scenario_with(kCoin, kFixed, R"("expect": [
      {"strategy": "fixed", "cell": "null", "measure": "rejection_rate", "near": 0.05},
      {"strategy": "fixed", "cell": "effect", "measure": "mean_users", "at_most": 1000},
      {"strategy": "fixed", "cell": "effect", "measure": "mean_users", "near": 1000, "within": 1}])"));
  CHECK(scenario.expectations[0].within == 0.01);
  CHECK(scenario.expectations[1].within == 0);
  CHECK(scenario.expectations[1].kind == Expectation::Kind::at_most);
  CHECK(scenario.expectations[2].within == 1);
  CHECK(scenario.expectations[2].pointer == "/expect/2");
}

TEST_CASE("expectations: the only cell need not be named and values match as numbers", "[engine]") {
  const Scenario scenario = read(scenario_with(R"("outcome": {"type": "bernoulli", "rate": 0.1})", kFixed, R"(
      "sweep": {"days": {"/world/traffic/days": [7, 14]}},
      "expect": [{"strategy": "fixed", "at": {"days": 7.0}, "measure": "rejection_rate", "near": 0.05}])"));
  CHECK(scenario.expectations[0].cell == "null");
  CHECK(scenario.expectations[0].at.at("days") == "7");
}

TEST_CASE("strategies: equal policies and analyses have equal texts", "[engine]") {
  const Scenario scenario = read(scenario_with(kCoin, R"(
      "a": {"rule": "fixed_horizon"},
      "b": {"rule": "naive_peeking", "policy": "fixed_split", "test": {"type": "z_pooled"}},
      "c": {"rule": "fixed_horizon", "policy": {"type": "fixed_split", "assignment": "bernoulli"}, "test": "z_unpooled"})"));
  const std::vector<Strategy>& s = scenario.grid[0].strategies;
  CHECK(s[0].policy_text == s[1].policy_text);
  CHECK(s[0].analysis_text == s[1].analysis_text);
  CHECK(s[0].policy_text != s[2].policy_text);
  CHECK(s[0].analysis_text != s[2].analysis_text);
}

TEST_CASE("strategies: a relative margin takes the strategy's baseline", "[engine]") {
  const Scenario scenario =
      read(scenario_with(kCoin, R"("a": {"rule": "fixed_horizon", "margin": {"relative": -0.1}})",
                         R"("defaults": {"baseline": 0.2})"));
  CHECK(scenario.grid[0].strategies[0].baseline == 0.2);
}

}  // namespace
}  // namespace windtunnel

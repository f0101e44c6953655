#include <fmt/format.h>

#include "support/catch.hpp"
#include "windtunnel/engine/lint.hpp"

using namespace windtunnel;

TEST_CASE("lint: what a strategy sees is that of its segment, its arm and its days", "[engine]") {
  const auto of = [](const std::string& world, const std::string& strategies) {
    const Scenario scenario =
        read_scenario(R"({"windtunnel": 1, "world": {)" + world + R"(}, "strategies": {)" + strategies + "}}",
                      "test", registry());
    return lint(scenario, compile(scenario, registry()));
  };
  const auto in_small_segment = [&](int per_day, const std::string& rule) {
    return of(fmt::format(R"("traffic": {{"users_per_day": {}, "days": 28}}, "effect": {{"relative": 0.5}},
        "outcome": {{"type": "bernoulli", "rate": 0.05}},
        "features": {{"segments": {{"a": {{"share": 0.25, "rate_multiplier": 0.2}}, "b": {{"share": 0.75}}}}}})",
                          per_day),
              R"("a": {"segment": "a", "rule": )" + rule + "}");
  };
  const std::string peeking = R"("naive_peeking", "looks": {"every_days": 2})", fixed = R"("fixed_horizon")";
  // 200 users in an arm have 2 conversions.
  CHECK(in_small_segment(800, peeking) ==
        std::vector<std::string>{
            "few_conversions: 'a' first looks at about 2 conversions in an arm; the normal approximation "
            "needs 5 or more"});
  CHECK(in_small_segment(2000, peeking).empty());
  // In a sweep the strategy is told of once, as it is in the worst cell: here with 100 users in an arm.
  CHECK(
      of(R"("traffic": {"users_per_day": 200, "days": 2}, "outcome": {"type": "bernoulli", "rate": 0.03})",
         R"("a": {"rule": "fixed_horizon"}}, "sweep": {"rate": {"/world/outcome/rate": [0.03, 0.01, 0.02]})") ==
      std::vector<std::string>{
          "few_conversions: 'a' first looks at about 2 conversions in an arm; the normal approximation "
          "needs 5 or more"});
  // 1 % against 1.5 % of 2,800 users: .005 / sqrt((.01 * .99 + .015 * .985) / 2,800) = 1.68.
  CHECK(
      in_small_segment(800, fixed) ==
      std::vector<std::string>{
          "low_power: 'a' finds the effect in less than half of the experiments: z is about 1.68 at its end, "
          "and 1.96 is needed"});
  CHECK(in_small_segment(2000, fixed).empty());  // z = 2.66
  // A day at 1 % and six at 50 %: p = .43 and .444, z = .0142 / sqrt((.245 + .247) / 3,500) = 1.20.
  CHECK(of(R"("traffic": {"users_per_day": 1000, "days": 7}, "effect": {"relative": 0.033},
      "outcome": {"type": "bernoulli", "rate": 0.5},
      "features": {"weekday": {"starts": "monday", "rate": [0.02, 1, 1, 1, 1, 1, 1]}})",
           R"("a": {"rule": "fixed_horizon"})") ==
        std::vector<std::string>{
            "low_power: 'a' finds the effect in less than half of the experiments: z is about "
            "1.20 at its end, and 1.96 is needed"});
  // Of 500 users a day control has 2 in the segment.
  CHECK(
      of(R"("traffic": {"users_per_day": 1000, "days": 7},
      "outcome": {"type": "normal", "mean": 1, "sd": 1},
      "features": {"segments": {"a": {"share": 0.2, "shares": [1, 99]}, "b": {"share": 0.8}}})",
         R"("m": {"rule": "msprt", "mde": {"absolute": 0.1}, "looks": {"every_days": 1}, "segment": "a"})") ==
      std::vector<std::string>{"early_plug_in: 'm' first looks at 2 users in an arm; it estimates the "
                               "variance, and its promise on "
                               "false positives needs about 50"});
  // On day 5 the users of the first day have had four more days: 25 in an arm.
  const auto matured =
      of(R"("traffic": {"users_per_day": 50, "days": 14},
      "outcome": {"type": "normal", "mean": 1, "sd": 1}, "features": {"delay": {"daily_probability": 0.5}})",
         R"("m": {"rule": "msprt", "mde": {"absolute": 0.6}, "looks": {"every_days": 1, "from": 5},
                                   "analyse": "matured", "follow_up_days": 4})");
  REQUIRE(matured.size() == 1);
  CHECK(matured[0].starts_with("early_plug_in: 'm' first looks at 25 users in an arm"));
}

TEST_CASE("lint: rounds that begin too late leave nothing to apply", "[engine]") {
  const auto bandit = [](const std::string& policy) {
    const Scenario scenario = read_scenario(
        R"({"windtunnel": 1, "allow": ["guarantee_void"], "world": {"traffic": {"users_per_day": 100, "days": 1},
            "outcome": {"type": "bernoulli", "rate": 0.5}}, "strategies": {"it": {"policy": )" +
            policy + "}}}",
        "test", registry());
    return lint(scenario, compile(scenario, registry()));
  };
  const std::string told =
      "endless_exploration: the policy of 'it' has no round that begins after its first {} and before the "
      "last of "
      "100 users: it applies nothing it learns";
  CHECK(bandit(R"({"type": "thompson", "rounds": {"every_users": 100}})") ==
        std::vector<std::string>{fmt::format(fmt::runtime(told), 1)});
  CHECK(bandit(R"({"type": "explore_then_commit", "m": 30, "rounds": {"every_users": 100}})") ==
        std::vector<std::string>{fmt::format(fmt::runtime(told), 60)});
  CHECK(bandit(R"({"type": "thompson", "rounds": {"every_users": 99}})").empty());
  CHECK(bandit(R"({"type": "explore_then_commit", "m": 30, "rounds": {"every_users": 60}})").empty());
}

TEST_CASE("lint: users who pay are conversions, and so are counts above 0", "[engine]") {
  const auto of = [](const std::string& outcome, int users) {
    const Scenario scenario =
        read_scenario(fmt::format(R"({{"windtunnel": 1, "allow": ["skewness", "low_power"], "world": {{
            "traffic": {{"users_per_day": {}, "days": 1}}, "outcome": {{{}}}}},
            "strategies": {{"s": {{"rule": "fixed_horizon", "test": "mann_whitney"}}}}}})",
                                  users, outcome),
                      "test", registry());
    return lint(scenario, compile(scenario, registry()));
  };
  const auto few = [](const char* how_many) {
    return std::vector<std::string>{
        fmt::format("few_conversions: 's' first looks at about {} users who are not 0 in an arm; the normal "
                    "approximation needs 5 or more",
                    how_many)};
  };
  const char* revenue = R"("type": "revenue", "payer_rate": 0.001, "log_mean": 3, "log_sd": 1)";
  CHECK(of(revenue, 1000) == few("0.5"));
  CHECK(of(revenue, 12'000).empty());
  // 1 - exp(-.01) of 500 users.
  CHECK(of(R"("type": "poisson", "mean": 0.01)", 1000) == few("4.98"));
  CHECK(of(R"("type": "poisson", "mean": 0.01)", 1010).empty());
  CHECK(of(R"("type": "lognormal", "log_mean": 0, "log_sd": 1)", 200).empty());
  CHECK(of(R"("type": "normal", "mean": 0, "sd": 1)", 200).empty());
}

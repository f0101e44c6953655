#include <fmt/format.h>

#include "support/catch.hpp"
#include "support/same_law.hpp"
#include "support/sample_files.hpp"
#include "support/trial.hpp"
#include "windtunnel/core/error.hpp"

/// Outcomes in the engine: both paths share their law, and what an outcome cannot carry is refused.
namespace windtunnel {
namespace {

std::string scenario(const std::string& outcome, const std::string& effect,
                     const std::string& features = "") {
  return fmt::format(
      R"({{"windtunnel": 1, "replications": {},
          "world": {{"traffic": {{"users_per_day": 50, "days": 3, "rollout_days": 2}}, "outcome": {{"type": {}}},
                     "effect": {{{}}}, "features": {{{}}}}},
          "defaults": {{"looks": {{"every_days": 1}}}},
          "strategies": {{"peeking": {{"rule": "naive_peeking"}},
                          "msprt": {{"rule": "msprt", "mixing_sd": {{"absolute": 0.2}}}},
                          "coin": {{"rule": "fixed_horizon",
                                    "policy": {{"type": "fixed_split", "assignment": "bernoulli"}}}}}}}})",
      comparable(10'000), outcome, effect, features);
}

constexpr const char* kRevenue =
    R"("revenue", "payer_rate": 0.3, "log_mean": 0, "log_sd": 0.8, "whales": {"share_of_payers": 0.1, "multiplier": 5})";
constexpr const char* kLognormal = R"("lognormal", "log_mean": 1, "log_sd": 0.7)";
constexpr const char* kEmpirical = R"("empirical", "file": "histogram.csv")";

constexpr const char* kDrawn =
    R"("relative": {"type": "normal", "mean": 0.2, "sd": 0.2, "min": -0.5, "max": 0.9})";

TEST_CASE("outcomes: increments and users one by one share every measure", "[engine]") {
  const auto [outcome, effect] = GENERATE(table<const char*, const char*>(
      {{kRevenue, R"("relative": 0.3)"},
       {kRevenue, R"("relative": 0.3, "on": "conversion")"},
       {kRevenue, kDrawn},
       {kLognormal, R"("relative": 0.1)"},
       {R"("poisson", "mean": 1.3)", kDrawn},
       {R"("poisson", "mean": 40, "better": "lower")", R"("absolute": -2)"},
       {R"("negative_binomial", "mean": 0.8, "dispersion": 0.5)", R"("relative": 0.3)"},
       {R"("beta", "mean": 0.4, "concentration": 3, "better": "lower")", R"("absolute": -0.05)"},
       {R"("beta", "concentration": 3, "mean": {"type": "beta", "a": 4, "b": 6, "min": 0.1, "max": 0.8})",
        R"("absolute": 0.1)"},
       {kEmpirical, R"("relative": 0.2)"}}));
  CAPTURE(outcome, effect);
  const std::string text = scenario(outcome, effect);
  const Rehearsal increments = rehearse(text, {.path = Path::increments});
  const Rehearsal users = rehearse(text, {.path = Path::users});
  CHECK_FALSE(increments.progress.tallies == users.progress.tallies);
  check_same_law(increments.result, users.result);
}

TEST_CASE("outcomes: features and outcomes share every measure on both paths", "[engine]") {
  for (const char* outcome : {kRevenue, R"("negative_binomial", "mean": 2, "dispersion": 1)"}) {
    const std::string text =
        scenario(outcome, R"("relative": 0.3)",
                 R"("leakage": {"rate": 0.2}, "novelty": {"relative": 0.4, "half_life_days": 2},
             "weekday": {"starts": "saturday", "rate": [1, 1, 1, 1, 1, 0.5, 0.8]})");
    CAPTURE(outcome);
    check_same_law(rehearse(text, {.path = Path::increments}).result,
                   rehearse(text, {.path = Path::users}).result);
  }
}

/// The one complaint about a scenario.
Problem problem_of(const std::string& text) {
  try {
    read_scenario(text, "test", registry(), {}, sample_file);
  } catch (const InputError& error) {
    REQUIRE(error.problems().size() == 1);
    return error.problems()[0];
  }
  FAIL("the scenario is good");
  return {};
}

TEST_CASE("outcomes: absolute lifts are refused where lifts multiply", "[engine]") {
  constexpr const char* kSentence =
      "these outcomes have no absolute lifts: a lift multiplies every value (needs \"relative\")";
  for (const char* outcome : {kRevenue, kLognormal, kEmpirical}) {
    CAPTURE(outcome);
    const Problem effect = problem_of(scenario(outcome, R"("absolute": 0.1)"));
    CHECK(effect.where == "/world/effect/absolute");
    CHECK(effect.message == kSentence);
    const Problem novelty = problem_of(
        scenario(outcome, R"("relative": 0.1)", R"("novelty": {"absolute": 0.1, "half_life_days": 2})"));
    CHECK(novelty.where == "/world/features/novelty/absolute");
    CHECK(novelty.message == kSentence);
  }
  CHECK_NOTHROW(rehearse(scenario(kRevenue, R"("absolute": 0.05, "on": "conversion")")));
}

TEST_CASE("outcomes: only revenue takes what an effect acts on", "[engine]") {
  const Problem other = problem_of(scenario(kLognormal, R"("relative": 0.1, "on": "amount")"));
  CHECK(other.where == "/world/effect");
  const Problem wrong = problem_of(scenario(kRevenue, R"("relative": 0.1, "on": "amounts")"));
  CHECK(wrong.where == "/world/effect/on");
  const Problem lifted = problem_of(scenario(kRevenue, R"("relative": 3, "on": "conversion")"));
  CHECK(lifted.where == "/world/effect");
  const Scenario good = read_scenario(scenario(kRevenue, R"("relative": 0.1)"), "test", registry());
  CHECK(Json::parse(good.resolved)["world"]["effect"] == Json{{"relative", 0.1}, {"on", "amount"}});
}

TEST_CASE("outcomes: parameters out of range are told", "[engine]") {
  CHECK(problem_of(scenario(R"("poisson", "mean": 501)", R"("relative": 0)")).where == "/world/outcome/mean");
  CHECK(problem_of(scenario(R"("negative_binomial", "mean": 9, "dispersion": 0.01)", R"("relative": 0)"))
            .message ==
        "the mean of arm 'control' would be 9, outside what the outcome allows (0 <= mean <= 4)");
  CHECK(
      problem_of(scenario(R"("revenue", "payer_rate": 0.1, "log_mean": 0, "log_sd": 4)", R"("relative": 0)"))
          .where == "/world/outcome/log_sd");
  CHECK(
      problem_of(
          scenario(
              R"("revenue", "payer_rate": 0.1, "log_mean": 0, "log_sd": 1, "whales": {"share": 1, "multiplier": 2, "share_of_payers": 0.1})",
              R"("relative": 0)"))
          .where == "/world/outcome/whales/share");
}

TEST_CASE("outcomes: the content of a file is part of the hash", "[engine]") {
  const auto hash_with = [](const std::string& content) {
    return read_scenario(scenario(R"("empirical", "file": "ms.csv", "column": "ms")", R"("relative": 0.1)"),
                         "test", registry(), {}, [content](const std::string&) { return content; })
        .hash;
  };
  CHECK(hash_with("ms\n1\n2\n") != hash_with("ms\n1\n3\n"));
  CHECK(hash_with("ms\n1\n2\n") == hash_with("ms\n1\n2\n"));
}

TEST_CASE("outcomes: files that do not do are told at their key", "[engine]") {
  const Problem missing = problem_of(scenario(R"("empirical", "file": "none.csv")", R"("relative": 0)"));
  CHECK(missing.where == "/world/outcome/file");
  CHECK(missing.message == "'none.csv' cannot be read: no such file");
  const Problem column =
      problem_of(scenario(R"("empirical", "file": "sample.csv", "column": "valeu")", R"("relative": 0)"));
  CHECK(column.message ==
        "sample.csv:1: there is no column 'valeu' (the header names value or unit); did you mean \"value\"?");
  try {
    read_scenario(scenario(kEmpirical, R"("relative": 0)"), "test", registry());
    FAIL("a scenario that stands alone names no file");
  } catch (const InputError& error) {
    CHECK(error.problems()[0].message == "'histogram.csv' cannot be read here: this scenario stands alone");
  }
}

}  // namespace
}  // namespace windtunnel

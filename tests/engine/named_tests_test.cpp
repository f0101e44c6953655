#include <fmt/format.h>

#include <cmath>

#include "support/catch.hpp"
#include "support/rehearsal.hpp"

/// Rules with a formula of their own (sprt, msprt) on the evidence of a test that the strategy names.
namespace windtunnel {
namespace {

constexpr const char* kCoin = R"("type": "bernoulli", "rate": 0.3)";
constexpr const char* kNormal = R"("type": "normal", "mean": 1, "sd": 0.8)";

/// An experiment of four looks.
Rehearsal run_rule(const char* outcome, const std::string& strategy, i64 replications = 3000,
                   const std::string& more = "") {
  return rehearse(fmt::format(
      R"({{"windtunnel": 1, "replications": {}, "world": {{"traffic": {{"users_per_day": 100, "days": 4}},
          "outcome": {{{}}}, "effect": {{"relative": 0.3}}}},
          "defaults": {{"looks": {{"every_days": 1}}{}}}, "strategies": {{"it": {{{}}}}}}})",
      replications, outcome, more, strategy));
}

const std::string kMsprt = R"("rule": "msprt", "mixing_sd": {"absolute": 0.2})";
const std::string kSprt = R"("rule": "sprt", "mde": {"absolute": 0.2})";

TEST_CASE("named tests: one with the variance of the rule's own formula changes no byte", "[engine]") {
  for (const char* outcome : {kCoin, kNormal}) {
    const Rehearsal own = run_rule(outcome, kMsprt);
    for (const char* test : {"z_unpooled", "stratified", "ratio"}) {
      CAPTURE(outcome, test);
      const Rehearsal named = run_rule(outcome, kMsprt + fmt::format(R"(, "test": "{}")", test));
      CHECK(named.progress.tallies == own.progress.tallies);
    }
  }
  // Student's law changes critical values, and these rules have none.
  CHECK(run_rule(kNormal, kMsprt + R"(, "test": "welch_t")").progress.tallies ==
        run_rule(kNormal, kMsprt).progress.tallies);
  CHECK(run_rule(kNormal, kSprt + R"(, "test": {"type": "z_known", "sd": 0.8})").progress.tallies ==
        run_rule(kNormal, kSprt + R"(, "variance": 1.28)").progress.tallies);
  for (const char* test : {"z_unpooled", "welch_t"}) {
    const Rehearsal named = run_rule(kNormal, kSprt + fmt::format(R"(, "test": "{}")", test));
    const Rehearsal own = run_rule(kNormal, kSprt + R"(, "variance": "plug_in")");
    for (const char* measure : {"ship_rate", "keep_rate", "mean_users", "coverage"})  // v0 + v1, split evenly
      CHECK(named.value("effect", "it", measure).value == own.value("effect", "it", measure).value);
  }
}

TEST_CASE("named tests: a variance that is given speaks against a test, but not against a default one",
          "[engine]") {
  const std::string given = kSprt + R"(, "variance": 1.28)", test = R"(, "test": "z_unpooled")";
  const std::string another = R"(}, "another": {"rule": "fixed_horizon")";  // takes the default in any case
  const auto tallies = [&](const std::string& strategy, const std::string& defaults) {
    return run_rule(kNormal, strategy + another + (defaults.empty() ? test : ""), 500, defaults)
        .progress.tallies;
  };
  CHECK_THROWS_WITH(run_rule(kNormal, given + test),
                    Catch::Contains("/strategies/it/test: rule sprt is given its \"variance\""));
  CHECK(tallies(given, test) == tallies(given, ""));
  CHECK(tallies(kSprt, test) == tallies(kSprt + test, ""));
  CHECK_THROWS_WITH(run_rule(kNormal, R"("rule": "msprt", "test": "mann_whitney", "baseline": 1,
                                         "mde": {"relative": 0.1})"),
                    Catch::Contains("is a multiple of a mean, which this test does not compare"));
  for (const std::string rule :
       {R"("rule": "msprt", "mixing_sd": {"absolute": 0.51})",
        R"("rule": "msprt", "mde": {"absolute": -0.51})", R"("rule": "sprt", "mde": {"absolute": 0.51})"})
    CHECK_THROWS_WITH(run_rule(kNormal, rule + R"(, "test": "mann_whitney")"),
                      Catch::Contains("is no share of pairs of users beyond one half (needs at most 0.5)"));
}

TEST_CASE("named tests: equal chances are weights that change nothing", "[engine][bandits]") {
  // With epsilon 1 all arms have the same chance, whatever is known.
  const std::string policy =
      R"("policy": {"type": "epsilon_greedy", "epsilon": 1, "rounds": {"every_days": 1}}, )";
  for (const std::string& rule : {kMsprt, kSprt + R"(, "variance": "plug_in")"}) {
    const Rehearsal plain = run_rule(kCoin, policy + rule + R"(, "test": "z_unpooled")");
    for (const char* test : {"ipw", "adaptively_weighted"}) {
      const Rehearsal weighted = run_rule(kCoin, policy + rule + fmt::format(R"(, "test": "{}")", test));
      CAPTURE(rule, test);
      for (const char* cell : {"null", "effect"})
        for (const char* measure : {"ship_rate", "keep_rate", "rejection_rate", "mean_users"})
          CHECK(weighted.value(cell, "it", measure).value == plain.value(cell, "it", measure).value);
      // Intervals: msprt's own is made of the test's s^2, sprt's is the test's.
      CHECK(weighted.value("effect", "it", "coverage").value ==
            Approx(plain.value("effect", "it", "coverage").value).margin(0.002));
    }
  }
}

TEST_CASE("named tests: msprt keeps its level on data that a policy has collected", "[engine][bandits]") {
  const std::string thompson =
      R"("policy": {"type": "thompson", "floor": 0.1, "rounds": {"every_days": 1}}, )";
  for (const char* test : {"ipw", "adaptively_weighted"}) {
    const Rehearsal run =
        run_rule(kCoin, thompson + kMsprt + fmt::format(R"(, "test": "{}")", test), affordable(40'000));
    const Value level = run.value("null", "it", "rejection_rate");
    CAPTURE(test, level.value);
    CHECK(level.value <= 0.05 + 4 * level.mcse);
    const Value coverage = run.value("effect", "it", "coverage");  // a confidence sequence's, at any stop
    CHECK(coverage.value >= 0.95 - 4 * coverage.mcse);
  }
}

TEST_CASE("named tests: a bootstrap gives rules that weigh it the variance of what it draws", "[engine]") {
  const i64 replications = affordable(2000);
  const std::string bootstrap = R"(, "test": {"type": "bootstrap", "resamples": 400})";
  for (const std::string& rule : {kMsprt, kSprt}) {
    const Rehearsal drawn = run_rule(kCoin, rule + bootstrap, replications);
    const Rehearsal exact = run_rule(kCoin, rule + R"(, "test": "z_unpooled")", replications);
    // An s^2 of 400 resamples is off by 7 %, either way.
    for (const char* measure : {"ship_rate", "rejection_rate"}) {
      CAPTURE(rule, measure);
      const Value expected = exact.value("effect", "it", measure);
      CHECK(std::fabs(drawn.value("effect", "it", measure).value - expected.value) <=
            0.01 + 2 * expected.mcse);
    }
  }
}

}  // namespace
}  // namespace windtunnel

#include <fmt/format.h>

#include "support/catch.hpp"
#include "support/rehearsal.hpp"

/// Bias, coverage and overstatement speak of what a strategy's test estimates.
namespace windtunnel {
namespace {

/// 1,000 users a day in two segments over one week with a weekend; half-way through everybody is the same.
std::string scenario(const std::string& effect, i64 replications) {
  return fmt::format(
      R"({{"windtunnel": 1, "replications": {}, "allow": ["skewness"],
          "world": {{"traffic": {{"users_per_day": 400, "days": 7}},
                     "outcome": {{"type": "lognormal", "log_mean": 1, "log_sd": 0.8}}{},
                     "features": {{"segments": {{"a": {{"share": 0.4, "rate_multiplier": 2}}, "b": {{"share": 0.6}}}},
                                  "weekday": {{"traffic": [1, 1, 1, 1, 1, 2, 2], "rate": [1, 1, 1, 1, 1, 1.5, 1.5]}}}}}},
          "strategies": {{"mean": {{"rule": "fixed_horizon"}},
                          "ranks": {{"rule": "fixed_horizon", "test": "mann_whitney"}},
                          "median": {{"rule": "fixed_horizon", "test": "quantile"}},
                          "p90": {{"rule": "fixed_horizon", "test": {{"type": "quantile", "p": 0.9}}}},
                          "p90 in a": {{"rule": "fixed_horizon", "test": {{"type": "quantile", "p": 0.9}},
                                        "segment": "a"}},
                          "leader": {{"test": "mann_whitney"}},
                          "best": {{"rule": "probability_best", "test": "quantile",
                                    "prior": {{"type": "normal", "mean": 3, "sd": 10}}}}}}}})",
      replications, effect);
}

TEST_CASE("estimands: every test is unbiased for its own, and its intervals cover it", "[engine]") {
  const Rehearsal run = rehearse(scenario(R"(, "effect": {"relative": 0.1})", affordable(4000)));
  for (const char* cell : {"null", "effect"})
    for (const char* strategy : {"mean", "ranks", "median", "p90", "p90 in a", "leader", "best"}) {
      CAPTURE(cell, strategy);
      const Value bias = run.value(cell, strategy, "estimate_bias");
      const double rmse = run.value(cell, strategy, "estimate_rmse").value;
      // 1,400 users per arm: the bias of a quantile, of the order of 1/n, is below a fiftieth of its error.
      CHECK(std::fabs(bias.value) <= 0.02 * rmse + 4 * bias.mcse);
      // Of ranks and quantiles the variance is that of equal arms, or estimated by 2 z s order statistics.
      CHECK(agrees(run.value(cell, strategy, "coverage"), 0.95, 0.012));
    }
}

TEST_CASE("estimands: overstatement is held against the test's own effect", "[engine]") {
  // A large effect: nearly all reject, and the mean of |estimate| / |estimand| is near 1.
  const Rehearsal run = rehearse(scenario(R"(, "effect": {"relative": 0.35})", affordable(2000)));
  for (const char* strategy : {"mean", "ranks", "median", "p90"}) {
    CAPTURE(strategy);
    CHECK(run.value("effect", strategy, "rejection_rate").value > 0.98);
    const Value exaggeration = run.value("effect", strategy, "exaggeration");
    CHECK(std::fabs(exaggeration.value - 1) <= 0.01 + 4 * exaggeration.mcse);  // the 2 % that do not reject
    CHECK(run.value("effect", strategy, "sign_error").value == 0);
  }
  const double shipped = run.value("effect", "ranks", "estimate_given_ship").value;
  CHECK(shipped > 0.05);
  CHECK(shipped < 0.5);
}

/// Why a measure is empty, or "".
std::string why_absent(const Rehearsal& run, int strategy, const std::string& measure) {
  return find_value(run.result.cells[0], strategy, measure)->absent;
}

TEST_CASE("estimands: where means are drawn only differences of means are known", "[engine]") {
  const Rehearsal run = rehearse(scenario(
      R"(, "effect": {"relative": {"type": "normal", "mean": 0.1, "sd": 0.05, "min": -0.5, "max": 1}})",
      200));
  constexpr const char* kReason =
      "what the test estimates is not known where means are drawn, users return or other values than "
      "outcomes "
      "are compared";
  for (const char* measure : {"estimate_bias", "estimate_rmse", "coverage", "sign_error"}) {
    CAPTURE(measure);
    CHECK(why_absent(run, 0, measure).empty());
    for (int s = 1; s < 5; ++s) CHECK(why_absent(run, s, measure) == kReason);
  }
  for (const char* measure : {"estimate_given_ship", "wrong_ship_rate", "regret"})
    for (int s = 0; s < 5; ++s) CHECK(why_absent(run, s, measure).empty());
}

}  // namespace
}  // namespace windtunnel

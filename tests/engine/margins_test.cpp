#include <fmt/format.h>

#include <cmath>

#include "support/catch.hpp"
#include "support/rehearsal.hpp"

/// Margins beside tests that see every user's value: each in the units of what its test estimates.
namespace windtunnel {
namespace {

/// Normal outcomes whose treatment is better by 0.3 standard deviations.
std::string scenario(const std::string& strategies, const std::string& better = "higher",
                     int replications = 4000) {
  return fmt::format(
      R"({{"windtunnel": 1, "replications": {},
          "world": {{"traffic": {{"users_per_day": 300, "days": 1}},
                     "outcome": {{"type": "normal", "mean": 2, "sd": 1, "better": "{}"}},
                     "effect": {{"absolute": {}}}}},
          "defaults": {{"rule": "fixed_horizon"}}, "strategies": {{{}}}}})",
      affordable(replications), better, better == "higher" ? 0.3 : -0.3, strategies);
}

/// P(Y1 > Y0) - 1/2 of two normal users 0.3 standard deviations apart.
double superiority() {
  return 0.5 * std::erf(0.3 / 2);
}

TEST_CASE("margins: where the effect is the margin a test of all values rejects at its level", "[engine]") {
  for (const char* better : {"higher", "lower"}) {
    const double sign = better == std::string("higher") ? 1 : -1;
    const std::string strategies = fmt::format(
        R"("ranks": {{"test": "mann_whitney", "margin": {{"absolute": {0}}}}},
           "ranks, one side": {{"test": "mann_whitney", "margin": {{"absolute": {0}}}, "alternative": "one_sided"}},
           "median": {{"test": "quantile", "margin": {{"absolute": {1}}}}},
           "median, times": {{"test": "quantile", "margin": {{"relative": {2}}}, "baseline": 2}})",
        sign * superiority(), sign * 0.3, sign * 0.15);
    const Rehearsal run = rehearse(scenario(strategies, better));
    CAPTURE(better);
    // The variance of ranks is that of equal arms: of arms 0.3 apart it is smaller by one part in 60.
    CHECK(agrees(run.value("effect", "ranks", "rejection_rate"), 0.05, 0.002, 0.015));
    CHECK(agrees(run.value("effect", "ranks, one side", "rejection_rate"), 0.05, 0.002, 0.015));
    // Of 150 users the error of a median comes from 24 order statistics.
    CHECK(agrees(run.value("effect", "median", "rejection_rate"), 0.05, 0.012, 0.015));
    CHECK(run.value("effect", "median", "rejection_rate").value ==
          run.value("effect", "median, times", "rejection_rate").value);
  }
}

TEST_CASE("margins: a bootstrap decides by one as Welch's test does", "[engine]") {
  const Rehearsal run = rehearse(scenario(
      R"("bootstrap": {"test": {"type": "bootstrap", "resamples": 199}, "margin": {"relative": 0.15}, "baseline": 2},
         "not worse": {"test": {"type": "bootstrap", "resamples": 199}, "margin": {"absolute": -0.1}},
         "welch": {"margin": {"absolute": -0.1}})",
      "higher", 1500));
  CHECK(agrees(run.value("effect", "bootstrap", "rejection_rate"), 0.05, 0.005, 0.025));
  for (const char* cell : {"null", "effect"})
    CHECK(agrees(run.value(cell, "not worse", "rejection_rate"),
                 run.value(cell, "welch", "rejection_rate").value, 0.01, 0.05));
}

TEST_CASE("margins: an estimate does not know of them, and right and wrong are of means", "[engine]") {
  const Rehearsal run = rehearse(scenario(
      R"("ranks": {"test": "mann_whitney"},
         "ranks, margin": {"test": "mann_whitney", "margin": {"absolute": -0.2}, "alternative": "one_sided"},
         "median": {"test": "quantile"},
         "median, margin": {"test": "quantile", "margin": {"absolute": -0.5}, "alternative": "one_sided"})",
      "higher", 1000));
  for (const std::string test : {"ranks", "median"}) {
    for (const char* measure : {"estimate_bias", "estimate_rmse", "coverage"})
      CHECK(run.value("effect", test + ", margin", measure).value ==
            Approx(run.value("effect", test, measure).value).margin(1e-9));
    // Not worse by much: shipped nearly always, which is wrong where the means are equal.
    CHECK(run.value("null", test + ", margin", "ship_rate").value > 0.95);
    CHECK(run.value("null", test + ", margin", "wrong_ship_rate").value ==
          run.value("null", test + ", margin", "ship_rate").value);
  }
}

}  // namespace
}  // namespace windtunnel

#include <fmt/format.h>

#include <cmath>

#include "support/catch.hpp"
#include "support/rehearsal.hpp"
#include "support/same_law.hpp"

/// Features in the engine: at strength zero they are not there, and both paths draw the same law.
namespace windtunnel {
namespace {

constexpr const char* kOutcomes[] = {R"("bernoulli", "rate": 0.3)", R"("normal", "mean": 1, "sd": 0.8)"};

std::string scenario(const char* outcome, const std::string& features, i64 replications) {
  return fmt::format(
      R"({{"windtunnel": 1, "replications": {},
          "world": {{"traffic": {{"users_per_day": 50, "days": 4, "rollout_days": 5}}, "outcome": {{"type": {}}},
                     "effect": {{"relative": 0.3}}, "features": {{{}}}}},
          "defaults": {{"looks": {{"every_days": 1}}}},
          "strategies": {{"peeking": {{"rule": "naive_peeking"}},
                          "msprt": {{"rule": "msprt", "mixing_sd": {{"absolute": 0.2}}}}}}}})",
      replications, outcome, features);
}

TEST_CASE("features: one without strength leaves every byte alone", "[engine]") {
  for (const char* outcome : kOutcomes) {
    const Rehearsal without = rehearse(scenario(outcome, "", 2000));
    for (const char* feature :
         {R"("novelty": {"relative": 0, "half_life_days": 2})", R"("weekday": {"starts": "friday"})",
          R"("carryover": {"absolute": 0, "overlap": 0.7, "half_life_days": 2})", R"("leakage": {"rate": 0})",
          R"("sample_ratio_mismatch": {"arm": "treatment"})",
          R"("segments": {"a": {"share": 0.4}, "b": {"share": 0.6}})"}) {
      CAPTURE(outcome, feature);
      CHECK(rehearse(scenario(outcome, feature, 2000)).progress.tallies == without.progress.tallies);
    }
  }
}

TEST_CASE("features: company of an outcome leaves every byte of those who do not look at it alone",
          "[engine]") {
  const Rehearsal without = rehearse(scenario(kOutcomes[1], "", 2000));
  for (const char* feature :
       {R"("covariate": {"correlation": 0})", R"("covariate": {"correlation": 0.7})",
        R"("metrics": {"count": 3})", R"("metrics": {"count": 2, "correlation": 0.5, "effects": [0, 0]})",
        R"("metrics": {"count": 1}, "covariate": {"correlation": 0})"}) {
    CAPTURE(feature);
    CHECK(rehearse(scenario(kOutcomes[1], feature, 2000)).progress.tallies == without.progress.tallies);
  }
  // Also where somebody else looks at it: company is drawn given the outcomes.
  for (const auto& [feature, look] :
       {std::pair(R"("covariate": {"correlation": 0})", R"("adjust": "cuped")"),
        std::pair(R"("metrics": {"count": 2})", R"("decide": "any", "correction": "holm")")}) {
    std::string text = scenario(kOutcomes[1], feature, 2000);
    text.insert(text.find(R"("msprt": {)"),
                fmt::format(R"("other": {{"rule": "naive_peeking", {}}}, )", look));
    const Rehearsal with = rehearse(text);
    CAPTURE(feature);
    for (const char* strategy : {"peeking", "msprt"})
      for (const char* measure : {"ship_rate", "mean_users", "estimate_bias", "coverage", "regret"})
        CHECK(with.value("effect", strategy, measure).value ==
              without.value("effect", strategy, measure).value);
  }
}

TEST_CASE("features: company without strength has the law of none", "[engine]") {
  // Adjusted by a covariate that says nothing, and tested beside metrics that never agree: one test of many.
  const auto run = [](const char* feature, const std::string& keys) {
    return rehearse(fmt::format(
        R"({{"windtunnel": 1, "replications": {}, "world": {{"traffic": {{"users_per_day": 2000, "days": 1}},
            "outcome": {{"type": "normal", "mean": 0, "sd": 1}}, "effect": {{"absolute": 0.125}},
            "features": {{{}}}}}, "defaults": {{"rule": "fixed_horizon", "test": "z_unpooled"}},
            "strategies": {{"plain": {{}}, "other": {{{}}}}}}})",
        affordable(100'000), feature, keys));
  };
  const Rehearsal adjusted = run(R"("covariate": {"correlation": 0})", R"("adjust": "cuped")");
  for (const char* cell : {"null", "effect"})
    for (const char* measure :
         {"rejection_rate", "ship_rate", "coverage", "estimate_bias", "estimate_rmse"}) {
      const Value plain = adjusted.value(cell, "plain", measure),
                  other = adjusted.value(cell, "other", measure);
      CAPTURE(cell, measure, plain.value, other.value);
      // One more coefficient for 2,000 users: their standard errors are larger by 1/4,000.
      CHECK(std::fabs(plain.value - other.value) <= 4 * std::hypot(plain.mcse, other.mcse) + 5e-4);
    }
  const Rehearsal several =
      run(R"("metrics": {"count": 1})", R"("decide": "any", "correction": "bonferroni", "alpha": 0.1)");
  const double power = several.value("effect", "plain", "rejection_rate").value;
  CHECK(agrees(several.value("effect", "other", "rejection_rate"), 1 - (1 - power) * 0.95, 2e-3));
  CHECK(agrees(several.value("null", "other", "rejection_rate"), 1 - 0.95 * 0.95, 1e-3));
}

TEST_CASE("features: what a lens sees has the same law on both paths", "[engine]") {
  for (const char* outcome : kOutcomes) {
    const auto text = fmt::format(
        R"({{"windtunnel": 1, "replications": {},
          "world": {{"traffic": {{"users_per_day": 60, "days": 3}}, "outcome": {{"type": {}}}, "effect": {{"relative": 0.5}},
                     "features": {{"segments": {{"a": {{"share": 0.3, "rate_multiplier": 0.5}},
                                                "b": {{"share": 0.7, "effect_multiplier": 2, "shares": [1, 2]}}}},
                                  "leakage": {{"rate": 0.1}},
                                  "sample_ratio_mismatch": {{"shares": [2, 3]}}}}}},
          "defaults": {{"looks": {{"every_days": 1}}}},
          "strategies": {{"a": {{"rule": "naive_peeking", "segment": "a"}},
                          "b": {{"rule": "msprt", "mixing_sd": {{"absolute": 0.2}}, "segment": "b"}},
                          "any": {{"rule": "naive_peeking", "any_segment": true, "correction": "holm"}},
                          "guarded": {{"rule": "naive_peeking", "guards": {{"sample_ratio": 0.01}}}}}}}})",
        comparable(15'000), outcome);
    CAPTURE(outcome);
    check_same_law(rehearse(text, {.path = Path::increments}).result,
                   rehearse(text, {.path = Path::users}).result);
  }
}

TEST_CASE("features: company of normal outcomes has the same law on both paths", "[engine]") {
  const auto text = fmt::format(
      R"({{"windtunnel": 1, "replications": {},
          "world": {{"traffic": {{"users_per_day": 24, "days": 2}}, "outcome": {{"type": "normal", "mean": 2, "sd": 1.5}},
                     "effect": {{"relative": 0.3}},
                     "features": {{"segments": {{"a": {{"share": 0.3, "rate_multiplier": 0.5}}, "b": {{"share": 0.7}}}},
                                  "covariate": {{"correlation": -0.6, "treatment_shift": 0.3}},
                                  "metrics": {{"count": 3, "correlation": 0.4, "effects": [0.5, 0, -0.5]}}}}}},
          "defaults": {{"looks": {{"every_days": 1}}}},
          "strategies": {{"cuped": {{"rule": "naive_peeking", "adjust": "cuped"}},
                          "in a": {{"rule": "naive_peeking", "segment": "a", "adjust": "cuped"}},
                          "any": {{"rule": "naive_peeking", "decide": "any", "correction": "holm"}},
                          "all": {{"rule": "naive_peeking", "decide": "all", "alpha": 0.5}}}}}})",
      comparable(8000));
  check_same_law(rehearse(text, {.path = Path::increments}).result,
                 rehearse(text, {.path = Path::users}).result);
}

TEST_CASE("features: increments and users one by one share every measure", "[engine]") {
  for (const char* outcome : kOutcomes)
    for (
        const char* features :
        {R"("novelty": {"relative": 0.5, "half_life_days": 1.5}, "leakage": {"rate": 0.2, "direction": "two_way"})",
         R"("carryover": {"absolute": 0.2, "overlap": 0.8, "half_life_days": 2},
             "weekday": {"starts": "saturday", "traffic": [1, 1, 1, 1, 1, 2, 0.5], "rate": [1, 1, 1, 1, 1, 0.5, 0.8]})",
         R"("novelty": {"absolute": {"type": "normal", "mean": 0, "sd": 0.1, "min": -0.3, "max": 0.3}, "half_life_days": 3},
             "carryover": {"relative": 0.4, "overlap": 0.5, "half_life_days": 2}, "leakage": {"rate": 0.1})",
         R"("segments": {"a": {"share": 0.4, "rate_multiplier": 0.5}, "b": {"share": 0.6, "effect_multiplier": 2}},
             "novelty": {"relative": 0.5, "half_life_days": 1.5},
             "sample_ratio_mismatch": {"arm": "control", "drop_rate": 0.3})"}) {
      CAPTURE(outcome, features);
      const std::string text = scenario(outcome, features, comparable(15'000));
      const Rehearsal increments = rehearse(text, {.path = Path::increments});
      const Rehearsal users = rehearse(text, {.path = Path::users});
      CHECK_FALSE(increments.progress.tallies == users.progress.tallies);
      check_same_law(increments.result, users.result);
    }
}

}  // namespace
}  // namespace windtunnel

#include <fmt/format.h>

#include <cmath>

#include "support/catch.hpp"
#include "support/rehearsal.hpp"
#include "support/same_law.hpp"
#include "support/trial.hpp"

/// Strategies that look at every user's value, in the engine.
namespace windtunnel {
namespace {

constexpr const char* kStrategies =
    R"("ranks": {"rule": "naive_peeking", "test": "mann_whitney"},
       "median": {"rule": "fixed_horizon", "test": "quantile"},
       "p90": {"rule": "naive_peeking", "test": {"type": "quantile", "p": 0.9}},
       "bootstrap": {"rule": "fixed_horizon", "alpha": 0.1, "test": {"type": "bootstrap", "resamples": 59}},
       "capped": {"rule": "naive_peeking", "cap": {"quantile": 0.9}},
       "capped ranks": {"rule": "fixed_horizon", "test": "mann_whitney", "cap": 2},
       "by hand": {"rule": "naive_peeking", "test": "mann_whitney",
                   "policy": {"type": "fixed_split", "shares": [1, 2], "assignment": "bernoulli"}})";

std::string scenario(const std::string& outcome, i64 replications, const std::string& features = "",
                     const std::string& strategies = kStrategies) {
  return fmt::format(
      R"({{"windtunnel": 1, "replications": {},
          "world": {{"traffic": {{"users_per_day": 60, "days": 3, "rollout_days": 2}}, "outcome": {{"type": {}}},
                     "effect": {{"relative": 0.4}}, "features": {{{}}}}},
          "defaults": {{"looks": {{"every_days": 1}}}}, "strategies": {{{}}}}})",
      replications, outcome, features, strategies);
}

constexpr const char* kOutcomes[] = {
    R"("normal", "mean": 1, "sd": 1.5)", R"("revenue", "payer_rate": 0.6, "log_mean": 0, "log_sd": 0.8)",
    R"("negative_binomial", "mean": 1.2, "dispersion": 2)", R"("lognormal", "log_mean": 0, "log_sd": 0.6)"};

TEST_CASE("values: increments and users one by one share every measure", "[engine]") {
  for (const char* outcome : kOutcomes) {
    CAPTURE(outcome);
    const std::string text = scenario(outcome, comparable(4000));
    const Rehearsal increments = rehearse(text, {.path = Path::increments});
    const Rehearsal users = rehearse(text, {.path = Path::users});
    CHECK_FALSE(increments.progress.tallies == users.progress.tallies);
    check_same_law(increments.result, users.result);
  }
}

constexpr const char* kSegments =
    R"("segments": {"a": {"share": 0.4, "rate_multiplier": 0.5}, "b": {"share": 0.6, "shares": [1, 2]}},
       "novelty": {"relative": 0.4, "half_life_days": 2},
       "sample_ratio_mismatch": {"arm": "control", "drop_rate": 0.2})";
constexpr const char* kInSegments =
    R"("ranks": {"rule": "naive_peeking", "test": "mann_whitney"},
       "ranks in b": {"rule": "naive_peeking", "test": "mann_whitney", "segment": "b"},
       "any p80": {"rule": "naive_peeking", "test": {"type": "quantile", "p": 0.8}, "any_segment": true},
       "any bootstrap": {"rule": "fixed_horizon", "test": {"type": "bootstrap", "resamples": 79},
                         "any_segment": true, "correction": "holm"},
       "capped in a": {"rule": "naive_peeking", "segment": "a", "cap": {"quantile": 0.8}},
       "any capped": {"rule": "fixed_horizon", "any_segment": true, "cap": 2.5})";

TEST_CASE("values: segments and other features have theirs on both paths", "[engine]") {
  for (const char* outcome : kOutcomes) {
    CAPTURE(outcome);
    const std::string text = scenario(outcome, comparable(4000), kSegments, kInSegments);
    check_same_law(rehearse(text, {.path = Path::increments}).result,
                   rehearse(text, {.path = Path::users}).result);
  }
}

TEST_CASE("values: outcomes that come late and users who return have theirs on both paths", "[engine]") {
  constexpr const char* kLate =
      R"("segments": {"a": {"share": 0.4}, "b": {"share": 0.6}}, "delay": {"daily_probability": 0.5})";
  constexpr const char* kMatured =
      R"("ranks": {"rule": "naive_peeking", "test": "mann_whitney"},
         "matured": {"rule": "naive_peeking", "test": {"type": "quantile", "p": 0.8}, "analyse": "matured",
                     "follow_up_days": 1},
         "matured in b": {"rule": "fixed_horizon", "cap": {"quantile": 0.8}, "segment": "b", "analyse": "matured",
                          "follow_up_days": 1})";
  constexpr const char* kReturning = R"("returning_users": {"probability": 0.4})";
  constexpr const char* kSums =
      R"("ranks": {"rule": "naive_peeking", "test": "mann_whitney"},
         "bootstrap": {"rule": "fixed_horizon", "test": {"type": "bootstrap", "resamples": 59}})";
  for (const char* outcome : {kOutcomes[0], kOutcomes[1]})
    for (const auto& [features, strategies] : {std::pair(kLate, kMatured), std::pair(kReturning, kSums)}) {
      CAPTURE(outcome, features);
      const std::string text = scenario(outcome, comparable(3000), features, strategies);
      check_same_law(rehearse(text, {.path = Path::increments}).result,
                     rehearse(text, {.path = Path::users}).result);
    }
  // Conversions of users who return are no longer 0 or 1: every value can be told.
  const std::string returning = scenario(R"("bernoulli", "rate": 0.3)", comparable(3000), kReturning, kSums);
  check_same_law(rehearse(returning, {.path = Path::increments}).result,
                 rehearse(returning, {.path = Path::users}).result);
}

TEST_CASE("values: blocks and threads of any number give the same bytes", "[engine]") {
  for (const char* outcome : kOutcomes) {
    CAPTURE(outcome);
    const std::string text = scenario(outcome, kSanitized ? 230 : 700, kSegments, kInSegments);
    const Rehearsal whole = rehearse(text, {.block_size = 512}, {.threads = 1});
    for (const int block : {32, 64, 100})
      CHECK(rehearse(text, {.block_size = block}, {.threads = 2, .chunk = 128}).progress.tallies ==
            whole.progress.tallies);
  }
}

TEST_CASE("values: nor do blocks and threads change those of users, adjusted ones and metrics", "[engine]") {
  constexpr const char* kFeatures =
      R"("clusters": {"size": 2, "size_distribution": "one_plus_poisson", "icc": 0.3},
         "covariate": {"correlation": 0.6}, "metrics": {"count": 2, "correlation": 0.4})";
  constexpr const char* kAll =
      R"("users": {"rule": "naive_peeking", "test": "mann_whitney", "unit": "user", "adjust": "cuped", "cap": 2},
         "any": {"rule": "fixed_horizon", "test": {"type": "bootstrap", "resamples": 59}, "decide": "any"})";
  const std::string text = scenario(kOutcomes[0], kSanitized ? 150 : 300, kFeatures, kAll);
  const Rehearsal whole = rehearse(text, {.block_size = 512}, {.threads = 1});
  for (const int block : {32, 100})
    CHECK(rehearse(text, {.block_size = block}, {.threads = 2, .chunk = 128}).progress.tallies ==
          whole.progress.tallies);
}

TEST_CASE("values: a cap nobody reaches changes no more than rounding", "[engine]") {
  const std::string strategies =
      R"("plain": {"rule": "naive_peeking", "test": "z_unpooled"},
         "capped": {"rule": "naive_peeking", "test": "z_unpooled", "cap": 1e9})";
  for (const char* outcome : kOutcomes) {
    const Rehearsal run = rehearse(scenario(outcome, 500, "", strategies));
    for (const char* measure : {"rejection_rate", "estimate_bias", "coverage", "mean_users"})
      CHECK(run.value("effect", "capped", measure).value ==
            Approx(run.value("effect", "plain", measure).value).epsilon(1e-9));
  }
}

TEST_CASE("values: a cap goes with every outcome that has values, every rule and every test", "[engine]") {
  for_all_worlds([](Trial trial) {
    if (trial.outcome["type"] == "bernoulli" || trial.policy["type"] != "fixed_split") return;
    trial.replications = 100;
    for (const Json& cap : {Json(1.5), Json{{"quantile", 0.9}}}) {
      for (auto& strategy : trial.strategies) strategy["cap"] = cap;
      const Rehearsal run = trial.run();
      for (const MeasuredCell& cell : run.result.cells)
        for (const auto& strategy : cell.strategies)
          for (const MeasureValues& measured : strategy)
            for (const Value& value : measured.values)
              CHECK((!value.absent.empty() || std::isfinite(value.value)));
    }
  });
}

TEST_CASE("values: a block is as small as what it keeps demands, and no result knows", "[engine]") {
  const auto compiled = [](double users, const char* test) {
    const std::string text = fmt::format(
        R"({{"windtunnel": 1, "world": {{"traffic": {{"users_per_day": {}, "days": 1}},
              "outcome": {{"type": "revenue", "payer_rate": 0.05, "log_mean": 0, "log_sd": 1}}}},
            "strategies": {{"s": {{"rule": "fixed_horizon", "test": "{}"}}}}}})",
        users, test);
    return compile(read_scenario(text, "test", registry()), registry());
  };
  // 16 bytes for each of the 5 % who pay.
  const Study small = compiled(20'000, "mann_whitney");
  CHECK(small.experiments[0]->block_size() == 1024);
  CHECK(small.experiments[0]->block_bytes() == Approx(1024 * 16 * 1000.0));
  CHECK(compiled(200'000, "mann_whitney").experiments[0]->block_size() == 192);
  CHECK(compiled(2e6, "mann_whitney").experiments[0]->block_size() == 64);
  CHECK(compiled(9e6, "mann_whitney").experiments[0]->block_size() == 35);
  CHECK(compiled(1e7, "welch_t").experiments[0]->block_size() == 1024);
  CHECK(compiled(1e7, "welch_t").experiments[0]->block_bytes() == 0);
}

TEST_CASE("values: strategies with the same bootstrap and another level have intervals of their own",
          "[engine]") {
  const std::string strategies =
      R"("90": {"rule": "fixed_horizon", "alpha": 0.1, "test": {"type": "bootstrap", "resamples": 199}},
         "50": {"rule": "fixed_horizon", "alpha": 0.5, "test": {"type": "bootstrap", "resamples": 199}})";
  const Rehearsal run = rehearse(scenario(kOutcomes[0], affordable(2000), "", strategies));
  // 90 users per arm: within 2 points of the level beside Monte Carlo error.
  CHECK(agrees(run.value("effect", "90", "coverage"), 0.9, 0.02));
  CHECK(agrees(run.value("effect", "50", "coverage"), 0.5, 0.02));
}

}  // namespace
}  // namespace windtunnel

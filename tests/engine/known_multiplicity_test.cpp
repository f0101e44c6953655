#include <fmt/format.h>

#include <cmath>

#include "support/catch.hpp"
#include "support/rehearsal.hpp"
#include "windtunnel/core/math.hpp"

/// Several metrics in one experiment, replayed through the whole engine, against closed forms.
namespace windtunnel {
namespace {

/// A scenario of normal outcomes with unit variance, known to the teams.
///   metrics     the inside of `features.metrics`
///   strategies  the inside of the object
Rehearsal run_metrics(double effect, const std::string& metrics, const std::string& strategies,
                      i64 replications) {
  return rehearse(fmt::format(
      R"({{"windtunnel": 1, "replications": {}, "world": {{"traffic": {{"users_per_day": 2000, "days": 1}},
          "outcome": {{"type": "normal", "mean": 0, "sd": 1}}, "effect": {{"absolute": {}}},
          "features": {{"metrics": {{{}}}}}}},
          "defaults": {{"test": {{"type": "z_known", "sd": 1}}}}, "strategies": {{{}}}}})",
      affordable(replications), effect, metrics, strategies));
}

TEST_CASE("known answers: Benjamini-Hochberg keeps alpha exactly where nothing is true", "[engine]") {
  // Simes (1986), Biometrika 73:751: P(some p_(k) <= k alpha/m) = alpha for independent p values.
  for (const int metrics : {1, 4, 14}) {
    const Rehearsal run = run_metrics(
        0, fmt::format(R"("count": {})", metrics),
        R"("step-up": {"rule": "fixed_horizon", "decide": "any", "correction": "benjamini_hochberg"},
           "one-sided": {"rule": "naive_peeking", "decide": "any", "correction": "benjamini_hochberg",
                         "alternative": "one_sided", "alpha": 0.2})",
        300'000);
    CAPTURE(metrics);
    CHECK(agrees(run.value("null", "step-up", "rejection_rate"), 0.05, 0));
    CHECK(agrees(run.value("null", "one-sided", "rejection_rate"), 0.2, 0));
  }
}

constexpr double kShip = 0.8;  // power of a two-sided test at .05 whose drift is 2.801585

/// Probability that an independent guardrail metric with this drift vetoes at .05.
double veto_chance(double drift) {
  return math::normal_cdf(-drift + math::normal_quantile(0.05));
}

TEST_CASE("known answers: independent guardrail metrics veto with the power of their tests", "[engine]") {
  const double unit = std::sqrt(2.0 / 1000);  // error of a difference of two means of 1,000 users
  const Rehearsal run =
      run_metrics(2.801585 * unit, fmt::format(R"("count": 3, "effects": [{}, 0, {}])", -2 * unit, 3 * unit),
                  R"("unguarded": {"rule": "fixed_horizon"},
         "first": {"rule": "fixed_horizon", "guardrails": {"metrics": [1]}},
         "first and second": {"rule": "fixed_horizon", "guardrails": {"metrics": [1, 2], "alpha": 0.05}},
         "third": {"rule": "fixed_horizon", "guardrails": {"metrics": [3]}},
         "tolerant": {"rule": "fixed_horizon", "guardrails": {"metrics": [1], "margin": 0.04472135955}},
         "leader": {"rule": "ship_leader", "guardrails": {"metrics": [1]}})",
                  1'000'000);
  const auto ships = [&](const char* strategy) { return run.value("effect", strategy, "ship_rate"); };
  const double first = veto_chance(-2), second = veto_chance(0);
  // A z test with an estimated variance: its tail is that of t with 1,998 degrees of freedom, 3e-4 from
  // normal.
  constexpr double kTol = 5e-4;
  CHECK(agrees(ships("unguarded"), kShip, 1e-5));
  CHECK(agrees(ships("first"), kShip * (1 - first), kTol));
  CHECK(agrees(ships("first and second"), kShip * (1 - first) * (1 - second), kTol));
  CHECK(agrees(ships("third"), kShip * (1 - veto_chance(3)), kTol));
  CHECK(agrees(ships("tolerant"), kShip * (1 - veto_chance(-1)), kTol));
  CHECK(agrees(ships("leader"), math::normal_cdf(2.801585) * (1 - first), kTol));
  // What is vetoed stays rejected, and control is kept; in the null twin metrics have no effects either.
  CHECK(run.value("effect", "first", "rejection_rate").value ==
        run.value("effect", "unguarded", "rejection_rate").value);
  CHECK(run.value("effect", "first", "undecided_rate").value ==
        run.value("effect", "unguarded", "undecided_rate").value);
  CHECK(agrees(run.value("null", "first", "ship_rate"), 0.025 * (1 - second), kTol));
}

TEST_CASE("known answers: a veto ends an experiment as a rejection would, and minds what is better",
          "[engine]") {
  // One metric falls and the other rises by so much that every look sees it.
  for (const auto& [better, harmed] : {std::pair("higher", 1), std::pair("lower", 2)}) {
    const Rehearsal run = rehearse(fmt::format(
        R"({{"windtunnel": 1, "replications": {}, "world": {{"traffic": {{"users_per_day": 100, "days": 5}},
            "outcome": {{"type": "normal", "mean": 0, "sd": 1, "better": "{}"}},
            "features": {{"metrics": {{"count": 2, "effects": [-10, 10]}}}}}},
            "defaults": {{"looks": {{"every_days": 1}}, "rule": "naive_peeking"}},
            "strategies": {{"plain": {{}}, "harmed": {{"guardrails": {{"metrics": [{}]}}}},
                            "helped": {{"decide": "any", "guardrails": {{"metrics": [{}, {}]}}}}}}}})",
        affordable(20'000), better, harmed, 3 - harmed, harmed));
    CAPTURE(better);
    const auto value = [&](const char* strategy, const char* measure) {
      return run.value("effect", strategy, measure).value;
    };
    CHECK(value("plain", "ship_rate") > 0.03);
    for (const char* strategy : {"harmed", "helped"}) {
      CHECK(value(strategy, "ship_rate") == 0);
      CHECK(value(strategy, "keep_rate") == value("plain", "ship_rate") + value("plain", "keep_rate"));
      CHECK(value(strategy, "mean_users") == value("plain", "mean_users"));
      CHECK(value(strategy, "rejection_rate") == value("plain", "rejection_rate"));
    }
  }
}

TEST_CASE("metrics: values adjusted by a covariate leave the other metrics as they are", "[engine]") {
  const Rehearsal run = rehearse(fmt::format(
      R"({{"windtunnel": 1, "replications": {}, "world": {{"traffic": {{"users_per_day": 2000, "days": 1}},
          "outcome": {{"type": "normal", "mean": 0, "sd": 1}},
          "features": {{"covariate": {{"correlation": 0.8}}, "metrics": {{"count": 3}},
                        "segments": {{"a": {{"share": 0.4}}, "b": {{"share": 0.6}}}}}}}},
          "defaults": {{"rule": "fixed_horizon", "decide": "any", "test": "z_unpooled"}},
          "strategies": {{"plain": {{}}, "cuped": {{"adjust": "cuped"}},
                          "strata": {{"adjust": "cuped", "test": "stratified"}}}}}})",
      affordable(100'000)));
  const double any = 1 - std::pow(0.95, 4);
  for (const char* strategy : {"plain", "cuped", "strata"})
    CHECK(agrees(run.value("null", strategy, "rejection_rate"), any, 2e-3));  // normal critical values for t
}

TEST_CASE("metrics: several in several segments are hypotheses of their own, and agree within a segment",
          "[engine]") {
  const Rehearsal run = rehearse(fmt::format(
      R"({{"windtunnel": 1, "replications": {}, "world": {{"traffic": {{"users_per_day": 4000, "days": 1}},
          "outcome": {{"type": "normal", "mean": 0, "sd": 1}},
          "features": {{"metrics": {{"count": 1}}, "segments": {{"a": {{"share": 0.5}}, "b": {{"share": 0.5}}}}}}}},
          "defaults": {{"rule": "fixed_horizon", "any_segment": true}},
          "strategies": {{"any": {{"decide": "any", "correction": "bonferroni"}}, "all": {{"decide": "all"}}}}}})",
      affordable(400'000)));
  // Four independent hypotheses; and in either segment two that must both reject, to the same side. A t test
  // of 1,000 users per arm of a segment has its level.
  CHECK(agrees(run.value("null", "any", "rejection_rate"), 1 - std::pow(1 - 0.05 / 4, 4), 1e-4));
  CHECK(agrees(run.value("null", "all", "rejection_rate"), 1 - std::pow(1 - 2 * 0.025 * 0.025, 2), 1e-5,
               0.0004));
}

}  // namespace
}  // namespace windtunnel

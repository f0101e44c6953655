#include <fmt/format.h>

#include <cmath>

#include "support/catch.hpp"
#include "support/rehearsal.hpp"

/// Rules that compare arms (probability_best, ship_leader) where several metrics or segments decide.
namespace windtunnel {
namespace {

/// An experiment without an effect and with one look, of normal outcomes.
///   features  the inside of the object
Rehearsal run_null(const std::string& features, const std::string& strategies, i64 replications) {
  return rehearse(fmt::format(
      R"({{"windtunnel": 1, "replications": {}, "world": {{"traffic": {{"users_per_day": 4000, "days": 1}},
          "outcome": {{"type": "normal", "mean": 0, "sd": 1}}, "features": {{{}}}}},
          "defaults": {{"prior": {{"type": "normal", "mean": 0, "sd": 100}}}}, "strategies": {{{}}}}})",
      affordable(replications), features, strategies));
}

constexpr const char* kSegments = R"("segments": {"a": {"share": 0.5}, "b": {"share": 0.5}})";
constexpr double kTol = 1e-3;  // of a t test of 1,000 users per arm, and of the prior

TEST_CASE("panels: arms are the best in independent segments and metrics independently", "[engine]") {
  // Under a flat prior P(best) > .95 in a panel has the probability .1 in either direction together.
  const Rehearsal of_segments =
      run_null(kSegments, R"("best": {"rule": "probability_best", "any_segment": true},
                    "leader": {"rule": "ship_leader", "any_segment": true})",
               200'000);
  CHECK(agrees(of_segments.value("null", "best", "rejection_rate"), 1 - 0.9 * 0.9, kTol));
  CHECK(agrees(of_segments.value("null", "best", "ship_rate"), 1 - 0.95 * 0.95, kTol));
  CHECK(agrees(of_segments.value("null", "leader", "ship_rate"), 0.75, 0));
  CHECK(agrees(of_segments.value("null", "leader", "keep_rate"), 0.25, 0));
  const Rehearsal of_metrics =
      run_null(R"("metrics": {"count": 2})", R"("any": {"rule": "probability_best", "decide": "any"},
          "all": {"rule": "probability_best", "decide": "all", "threshold": 0.7},
          "any leader": {"rule": "ship_leader", "decide": "any"},
          "all leaders": {"rule": "ship_leader", "decide": "all"})",
               200'000);
  CHECK(agrees(of_metrics.value("null", "any", "rejection_rate"), 1 - std::pow(0.9, 3), kTol));
  CHECK(agrees(of_metrics.value("null", "all", "rejection_rate"), 2 * std::pow(0.3, 3), kTol));
  CHECK(agrees(of_metrics.value("null", "any leader", "ship_rate"), 7.0 / 8, 0));
  CHECK(agrees(of_metrics.value("null", "all leaders", "ship_rate"), 1.0 / 8, 0));
  CHECK(agrees(of_metrics.value("null", "all leaders", "keep_rate"), 1.0 / 8, 0));
}

TEST_CASE("panels: three arms lead in two segments by the shares of equal arms", "[engine]") {
  // Any treatment leads in a segment with probability 2/3; both segments have the same leader in a third.
  const Rehearsal run = rehearse(fmt::format(
      R"({{"windtunnel": 1, "replications": {}, "world": {{"arms": 3, "traffic": {{"users_per_day": 3000, "days": 1}},
          "outcome": {{"type": "normal", "mean": 0, "sd": 1}}, "features": {{"metrics": {{"count": 1}}, {}}}}},
          "strategies": {{"any": {{"rule": "ship_leader", "any_segment": true}},
                          "all": {{"rule": "ship_leader", "decide": "all"}}}}}})",
      affordable(100'000), kSegments));
  CHECK(agrees(run.value("null", "any", "ship_rate"), 1 - 1.0 / 9, 0));
  CHECK(agrees(run.value("null", "all", "ship_rate"), 2.0 / 9, 0));
}

TEST_CASE("panels: one segment of everybody is everybody", "[engine]") {
  for (const char* outcome : {R"("bernoulli", "rate": 0.3)", R"("normal", "mean": 1, "sd": 0.8)"}) {
    const bool is_binary = std::string(outcome).starts_with("\"bern");
    const auto run = [&](const std::string& keys) {
      return rehearse(fmt::format(
          R"({{"windtunnel": 1, "replications": 1000, "world": {{"traffic": {{"users_per_day": 60, "days": 3}},
              "outcome": {{"type": {}}}, "effect": {{"relative": 0.3}},
              "features": {{"segments": {{"only": {{"share": 1}}}}}}}}, "defaults": {{"looks": {{"every_days": 1}}}},
              "strategies": {{"best": {{"rule": "probability_best"{}{}}}, "leader": {{"rule": "ship_leader"{}}}}}}})",
          outcome, is_binary ? "" : R"(, "prior": {"type": "normal", "mean": 1, "sd": 1})", keys, keys));
    };
    CHECK(run(R"(, "any_segment": true)").progress.tallies == run(R"(, "segment": "only")").progress.tallies);
  }
}

}  // namespace
}  // namespace windtunnel

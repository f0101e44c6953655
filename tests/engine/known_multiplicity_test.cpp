#include <fmt/format.h>

#include "support/catch.hpp"
#include "support/rehearsal.hpp"

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

}  // namespace
}  // namespace windtunnel

#include <cmath>

#include "support/catch.hpp"
#include "support/references.hpp"
#include "support/rehearsal.hpp"
#include "support/scenario_text.hpp"

/// SPRT, mSPRT and Bayesian stopping, replayed through the whole engine, against exact values.
namespace windtunnel {
namespace {

TEST_CASE("known answers: two-sample SPRT after every pair", "[engine]") {
  for (const char* id : {"SPRT-2s-0.05", "SPRT-2s-0.06"}) {
    const Reference known = reference(id);
    const double treated = known.params["pB"];
    ScenarioText scenario;
    scenario.replications = affordable(42'000);  // 4 s <= a tenth of .038
    scenario.users = 160'000;  // 80,000 pairs: the chance to be undecided then is far below 1e-6
    scenario.outcome = fmt::format(R"("bernoulli", "rate": [0.05, {}])", treated);
    scenario.looks = R"({"every_users": 2})";
    scenario.strategies = fmt::format(
        R"("sprt": {{"rule": "sprt", "mde": {{"absolute": 0.01}}, "variance": {}}})", 2 * 0.055 * 0.945);
    const Rehearsal run = rehearse(scenario.text());
    const char* cell = treated > 0.05 ? "effect" : "null";
    CAPTURE(id);
    CHECK(agrees(run.value(cell, "sprt", "rejection_rate"), known.value(0), known.tol(0)));
    CHECK(agrees(run.value(cell, "sprt", "mean_users"), 2 * known.value(1), 2 * known.tol(1)));
    CHECK(run.value(cell, "sprt", "undecided_rate").value == 0);
  }
}

TEST_CASE("known answers: mSPRT with known variance at equally spaced looks", "[engine]") {
  for (const char* id : {"MS-looks-K5-r1", "MS-looks-K14-r1", "MS-looks-K100-r0.1"}) {
    const Reference known = reference(id);
    const int looks = known.params["looks"];
    // Information 1 per look: with n pairs a look and V = 2, s^2 = 2 / (n k), so tau^2 n / 2 = r.
    constexpr int kPairs = 10;
    const double mixing = std::sqrt(known.params["r"].get<double>() * 2 / kPairs);
    ScenarioText scenario;
    scenario.replications = affordable(1'000'000);
    scenario.users = 2 * kPairs * looks;
    scenario.looks = fmt::format(R"({{"equally_spaced": {}}})", looks);
    scenario.strategies = fmt::format(
        R"("msprt": {{"rule": "msprt", "mixing_sd": {{"absolute": {}}}, "variance": 2}})", mixing);
    const Rehearsal run = rehearse(scenario.text());
    CAPTURE(id);
    CHECK(agrees(run.value("null", "msprt", "rejection_rate"), known.value(), known.tol()));
  }
}

TEST_CASE("known answers: mSPRT on conversions with the variance plugged in", "[engine]") {
  for (const char* id : {"MS-bern-A", "MS-bern-C", "MS-bern-E"}) {
    const Reference known = reference(id);
    const double base = known.params["pA"], treated = known.params["pB"];
    const int looks = known.params["looks"];
    ScenarioText scenario;
    scenario.replications = affordable(1'000'000);
    scenario.users = 2 * known.params["per_arm_per_look"].get<int>() * looks;
    scenario.outcome = fmt::format(R"("bernoulli", "rate": [{}, {}])", base, treated);
    scenario.looks = fmt::format(R"({{"equally_spaced": {}}})", looks);
    scenario.strategies = fmt::format(R"("msprt": {{"rule": "msprt", "mixing_sd": {{"absolute": {}}}}})",
                                      std::sqrt(known.params["tau2"].get<double>()));
    const Rehearsal run = rehearse(scenario.text());
    const char* cell = treated > base ? "effect" : "null";
    CAPTURE(id);
    CHECK(agrees(run.value(cell, "msprt", "rejection_rate"), known.value(0), known.tol(0)));
    CHECK(agrees(run.value(cell, "msprt", "mean_users"), 2 * known.value(1), 2 * known.tol(1)));
  }
}

TEST_CASE("known answers: stopping when the probability to be best is high", "[engine]") {
  for (const char* id : {"BAY-1s95", "BAY-2s95", "BAY-single", "BAY-half"}) {
    const Reference known = reference(id);
    const int looks = known.params["looks"];
    const bool is_two_sided = std::string(id) == "BAY-2s95";
    ScenarioText scenario;
    scenario.replications = affordable(1'000'000);
    scenario.users = 2 * known.params["per_arm_per_look"].get<int>() * looks;
    scenario.outcome = fmt::format(R"("bernoulli", "rate": {})", known.params["pA"].get<double>());
    scenario.looks = fmt::format(R"({{"equally_spaced": {}}})", looks);
    scenario.strategies = fmt::format(R"("bayes": {{"rule": "probability_best", "alternative": "{}"}})",
                                      is_two_sided ? "two_sided" : "one_sided");
    const Rehearsal run = rehearse(scenario.text());
    CAPTURE(id);
    CHECK(agrees(run.value("null", "bayes", "rejection_rate"), known.value(), known.tol()));
  }
}

}  // namespace
}  // namespace windtunnel

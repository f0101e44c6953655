#include <cmath>

#include "support/catch.hpp"
#include "support/references.hpp"
#include "support/rehearsal.hpp"
#include "support/scenario_text.hpp"

/// Group-sequential designs, replayed through the whole engine, against published tables and exact recursion.
namespace windtunnel {
namespace {

constexpr double kFixedDrift = 2.801585;  // z(.975) + z(.8): drift of the fixed test with power .8

/// A design of `looks` equal looks whose final z has mean `drift` under the effect; unit variance, known.
struct Design {
  int looks;
  double drift;
  std::string strategies;
  i64 replications = 400'000;
  i64 per_arm_per_look = 50;

  i64 users() const { return 2 * per_arm_per_look * looks; }

  /// The effect with that drift: drift = effect / sqrt(2 / n) with n users per arm.
  double effect() const { return drift * std::sqrt(4.0 / static_cast<double>(users())); }

  Rehearsal run() const {
    ScenarioText scenario;
    scenario.replications = affordable(replications);
    scenario.users = users();
    scenario.looks = fmt::format(R"({{"equally_spaced": {}}})", looks);
    if (drift > 0) scenario.effect = fmt::format(R"({{"absolute": {}}})", effect());
    scenario.strategies = strategies;
    return rehearse(scenario.text());
  }
};

std::string rule(const char* name, const char* more) {
  return fmt::format(R"("{}": {{"rule": {}, "test": {{"type": "z_known", "sd": 1}}}})", name, more);
}

const std::string kPocock = rule("pocock", R"("group_sequential", "boundary": "pocock")");
const std::string kObrienFleming = rule("obf", R"("group_sequential", "boundary": "obrien_fleming")");
const std::string kNaive = rule("naive", R"("naive_peeking")");

TEST_CASE("known answers: sizes of Pocock and OBrien-Fleming designs", "[engine]") {
  for (int looks : {2, 3, 5, 10})
    for (const char* type : {"POC", "OBF"}) {
      const Reference known = reference(fmt::format("GS-{}-size-K{}", type, looks));
      const bool is_pocock = std::string(type) == "POC";
      const Design design{looks, kFixedDrift * std::sqrt(known.value(0)),
                          is_pocock ? kPocock : kObrienFleming};
      const Rehearsal run = design.run();
      const char* name = is_pocock ? "pocock" : "obf";
      const double fixed = static_cast<double>(design.users()) / known.value(0);
      CAPTURE(looks, type);
      CHECK(agrees(run.value("null", name, "rejection_rate"), 0.05, 1e-6));
      // The ratio is printed to 5e-7 and the fixed drift to 5e-7: the drift of the design is within
      // 2.9 * 2.5e-7 + 1.15 * 5e-7 < 1.4e-6, by which power grows by less than .4 times that; .8 leaves out
      // rejections in the wrong direction, about 1e-6.
      CHECK(agrees(run.value("effect", name, "rejection_rate"), 0.8, 2e-6));
      CHECK(agrees(run.value("null", name, "mean_users"), known.value(1) * fixed, known.tol() * fixed));
      CHECK(agrees(run.value("effect", name, "mean_users"), known.value(2) * fixed, known.tol() * fixed));
    }
}

TEST_CASE("known answers: fourteen looks under naive and corrected boundaries", "[engine]") {
  const Reference known = reference("GS-14-const");
  const Design design{14, known.params["drift"], kNaive + ", " + kPocock + ", " + kObrienFleming};
  const Rehearsal run = design.run();
  const char* names[] = {"naive", "pocock", "obf"};
  for (std::size_t i = 0; i < 3; ++i) {
    CAPTURE(names[i]);
    CHECK(agrees(run.value("effect", names[i], "ship_rate"), known.value(i), known.tol()));
    CHECK(agrees(run.value("effect", names[i], "mean_users"),
                 known.value(4 + i) * static_cast<double>(design.users()),
                 known.tol() * static_cast<double>(design.users())));
  }
}

TEST_CASE("known answers: power and expected size of Pocock's five looks by drift", "[engine]") {
  const Reference known = reference("GS-P-pow");
  for (std::size_t i = 0; i < 5; ++i) {
    const double drift = known.params["theta"][i].get<double>() * std::sqrt(200.0);
    const Design design{5, drift, kPocock};
    const Rehearsal run = design.run();
    const char* cell = drift > 0 ? "effect" : "null";
    const double scale = static_cast<double>(design.users()) / 200;
    CAPTURE(drift);
    CHECK(agrees(run.value(cell, "pocock", "rejection_rate"), known.value(i), known.tol()));
    CHECK(agrees(run.value(cell, "pocock", "mean_users"), known.value(5 + i) * scale, known.tol() * scale));
  }
}

TEST_CASE("known answers: bias of the estimate after early stopping", "[engine]") {
  const Reference known = reference("GS-MLE-bias");
  for (std::size_t i = 0; i < 3; ++i) {
    const double drift = known.params["drift"][i];
    const Design design{5, drift, kPocock + ", " + kObrienFleming, 800'000};
    const Rehearsal run = design.run();
    const double unit = design.effect() / drift;  // one unit of drift at full information
    CAPTURE(drift);
    CHECK(agrees(run.value("effect", "pocock", "estimate_bias"), known.value(i) * unit, known.tol() * unit));
    CHECK(agrees(run.value("effect", "obf", "estimate_bias"), known.value(3 + i) * unit, known.tol() * unit));
  }
}

}  // namespace
}  // namespace windtunnel

#include "support/catch.hpp"
#include "support/references.hpp"
#include "support/rehearsal.hpp"
#include "support/scenario_text.hpp"
#include "windtunnel/core/math.hpp"

/// Tests of fixed size and what they exaggerate, replayed through the whole engine, against exact values.
namespace windtunnel {
namespace {

TEST_CASE("known answers: exact power and size of the pooled z test", "[engine]") {
  const auto id = GENERATE(as<std::string>{}, "FIX-exact-0.05-0.0525-122124", "FIX-exact-0.05-0.0525-62500",
                           "FIX-exact-0.18-0.162-8744", "FIX-exact-0.05-0.055-31234",
                           "FIX-exact-0.05-0.05-1000", "FIX-exact-0.5-0.5-50");
  const Reference known = reference(id);
  const double base = known.params["p1"], treated = known.params["p2"];
  ScenarioText scenario;
  scenario.replications = affordable(1'000'000);
  scenario.users = 2 * known.params["n_per_arm"].get<i64>();
  scenario.outcome = fmt::format(R"("bernoulli", "rate": [{}, {}])", base, treated);
  scenario.strategies = R"("test": {"rule": "fixed_horizon"})";
  const Rehearsal run = rehearse(scenario.text());
  const Value seen = run.value(base == treated ? "null" : "effect", "test", "rejection_rate");
  CAPTURE(id, seen.value);
  CHECK(agrees(seen, known.value(), known.tol()));
}

TEST_CASE("known answers: a normal critical value on an estimated variance", "[engine]") {
  const Reference known = reference("FIX-z-on-t");
  for (std::size_t i = 0; i < known.size(); ++i) {
    ScenarioText scenario;
    scenario.replications = affordable(1'000'000);
    scenario.users = 2 * known.params["n_per_arm"][i].get<i64>();
    scenario.strategies = R"("test": {"rule": "fixed_horizon", "test": "z_pooled"})";
    const Rehearsal run = rehearse(scenario.text());
    CAPTURE(i);
    CHECK(agrees(run.value("null", "test", "rejection_rate"), known.value(i), known.tol()));
  }
}

TEST_CASE("known answers: power of the two-sample t test", "[engine]") {
  const Reference known = reference("FIX-t");
  ScenarioText scenario;
  scenario.replications = affordable(1'000'000);
  scenario.users = 40;
  scenario.effect = R"({"absolute": 1})";
  scenario.strategies = R"("test": {"rule": "fixed_horizon", "test": "student_t"})";
  const Rehearsal run = rehearse(scenario.text());
  CHECK(agrees(run.value("effect", "test", "rejection_rate"), known.value(2), known.tol()));
  CHECK(agrees(run.value("null", "test", "rejection_rate"), 0.05,
               0));  // the t test is exact on normal outcomes
}

TEST_CASE("known answers: three equal arms without a correction", "[engine]") {
  // P(max |Z_i| >= 1.959964) of two normals with correlation 1/2 (Dunnett & Sobel 1954); MULT-rho5-2.
  const Reference known = reference("MULT-rho5-2");
  ScenarioText scenario;
  scenario.replications = affordable(1'000'000);
  scenario.users = 3000;
  scenario.arms = "3";
  scenario.strategies =
      R"("none": {"rule": "fixed_horizon", "test": {"type": "z_known", "sd": 1}},)"
      R"("bonferroni": {"rule": "fixed_horizon", "test": {"type": "z_known", "sd": 1}, "correction": "bonferroni"},)"
      R"("dunnett": {"rule": "fixed_horizon", "test": {"type": "z_known", "sd": 1}, "correction": "dunnett"})";
  const Rehearsal run = rehearse(scenario.text());
  CHECK(agrees(run.value("null", "none", "rejection_rate"), known.value(0), known.tol()));
  CHECK(agrees(run.value("null", "bonferroni", "rejection_rate"), known.value(1), known.tol()));
  CHECK(agrees(run.value("null", "dunnett", "rejection_rate"), 0.05, 0));
}

/// A design of one look whose estimate has the given standard error and true effect.
Rehearsal one_look(double effect, double error, i64 replications) {
  ScenarioText scenario;
  scenario.replications = replications;
  scenario.users = 200;  // 100 per arm: error = sd sqrt(2/100)
  const double sd = error / math::pow(0.02, 0.5);
  scenario.outcome = fmt::format(R"("normal", "mean": 0, "sd": {})", sd);
  scenario.effect = fmt::format(R"({{"absolute": {}}})", effect);
  scenario.strategies =
      fmt::format(R"("test": {{"rule": "fixed_horizon", "test": {{"type": "z_known", "sd": {}}}}})", sd);
  return rehearse(scenario.text());
}

TEST_CASE("known answers: exaggeration and sign errors of significant results", "[engine]") {
  for (const char* id : {"GC-1", "GC-2"}) {
    const Reference known = reference(id);
    const Rehearsal run = one_look(known.params["effect"], known.params["se"], affordable(2'000'000));
    CAPTURE(id);
    CHECK(agrees(run.value("effect", "test", "rejection_rate"), known.value(0), known.tol()));
    CHECK(agrees(run.value("effect", "test", "sign_error"), known.value(1), known.tol()));
    CHECK(agrees(run.value("effect", "test", "exaggeration"), known.value(2), known.tol()));
  }
  for (const char* id : {"TYPEM-0.1", "TYPEM-0.2", "TYPEM-0.8"}) {
    const Reference known = reference(id);
    const Rehearsal run = one_look(known.params["drift"], 1, affordable(2'000'000));
    CAPTURE(id);
    CHECK(agrees(run.value("effect", "test", "rejection_rate"), known.params["power"], 1e-6));
    CHECK(agrees(run.value("effect", "test", "exaggeration"), known.value(1), known.tol()));
    const Value sign_error = run.value("effect", "test", "sign_error");
    // With power .8 one rejection in a million has the wrong sign: of 1.6e6 that is 1.6, and 16 or more come
    // once in 1e11 times. Too few to measure a share, enough to bound it.
    if (known.value(0) < 1e-5)
      CHECK(sign_error.value < 1e-5);
    else
      CHECK(agrees(sign_error, known.value(0), known.tol()));
  }
}

TEST_CASE("known answers: intervals of one look cover as promised and estimates are unbiased", "[engine]") {
  const Rehearsal run = one_look(2, 1, affordable(400'000));
  CHECK(agrees(run.value("effect", "test", "coverage"), 0.95, 0));
  CHECK(agrees(run.value("effect", "test", "estimate_bias"), 0, 0, 0.01));  // of a standard error of 1
  CHECK(agrees(run.value("effect", "test", "estimate_rmse"), 1, 0));
}

}  // namespace
}  // namespace windtunnel

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "support/catch.hpp"
#include "support/rehearsal.hpp"
#include "support/same_law.hpp"
#include "support/sound.hpp"
#include "support/trial.hpp"

/// Tests that see every user's value, and caps, beside lenses that make values of outcomes.
namespace windtunnel {
namespace {

constexpr const char* kTests =
    R"("ranks": {"rule": "naive_peeking", "test": "mann_whitney"},
       "p80": {"rule": "naive_peeking", "test": {"type": "quantile", "p": 0.8}},
       "bootstrap": {"rule": "fixed_horizon", "alpha": 0.1, "test": {"type": "bootstrap", "resamples": 59}},
       "capped": {"rule": "naive_peeking", "cap": {"quantile": 0.9}},
       "capped ranks": {"rule": "naive_peeking", "test": "mann_whitney", "cap": 1.5})";

std::string scenario(const std::string& outcome, const std::string& features, const std::string& keys,
                     i64 replications, const std::string& strategies = kTests) {
  return fmt::format(
      R"({{"windtunnel": 1, "replications": {},
          "world": {{"traffic": {{"users_per_day": 50, "days": 2}}, "outcome": {{"type": {}}},
                     "effect": {{"absolute": 0.3}}, "features": {{{}}}}},
          "defaults": {{"looks": {{"every_days": 1}}{}}}, "strategies": {{{}}}}})",
      replications, outcome, features, keys, strategies);
}

/// Checks that decisions have the same law in two worlds.
///   tol  by which they may differ all the same, relative to 1 and their size
void check_decisions(const Rehearsal& a, const Rehearsal& b, double tol = 0) {
  for (const char* cell : {"null", "effect"})
    for (const char* strategy : {"ranks", "p80", "bootstrap", "capped", "capped ranks"})
      for (const char* measure : {"rejection_rate", "ship_rate", "mean_users", "estimate_given_ship"}) {
        CAPTURE(cell, strategy, measure);
        const Value x = a.value(cell, strategy, measure), y = b.value(cell, strategy, measure);
        CHECK(std::fabs(x.value - y.value) <=
              tol * (1 + std::fabs(x.value)) + 4 * std::hypot(x.mcse, y.mcse));
      }
}

TEST_CASE("user values: those of users with three requests have the law of their means", "[engine]") {
  // A mean of 3 requests varies by icc + (1 - icc)/3 times what one does.
  const double sd = std::sqrt(0.4 + 0.6 / 3);
  const Rehearsal users =
      rehearse(scenario(R"("normal", "mean": 1, "sd": 1)", R"("clusters": {"size": 3, "icc": 0.4})",
                        R"(, "unit": "user")", affordable(4000)));
  const Rehearsal means =
      rehearse(scenario(fmt::format(R"("normal", "mean": 1, "sd": {})", sd), "", "", affordable(4000)));
  check_decisions(users, means);
}

TEST_CASE("user values: tests of users have their level where tests of requests have not", "[engine]") {
  constexpr const char* kBoth =
      R"("users": {"rule": "fixed_horizon", "unit": "user", "test": "mann_whitney"},
         "requests": {"rule": "fixed_horizon", "test": "mann_whitney"},
         "resampled": {"rule": "fixed_horizon", "unit": "user", "test": {"type": "bootstrap", "resamples": 99}})";
  constexpr const char* kClusters =
      R"("clusters": {"size": 4, "size_distribution": "one_plus_poisson", "icc": 0.5})";
  for (const char* outcome : {R"("bernoulli", "rate": 0.4)", R"("normal", "mean": 1, "sd": 1)"}) {
    const Rehearsal run = rehearse(scenario(outcome, kClusters, "", affordable(4000), kBoth));
    CAPTURE(outcome);
    // Ranks of users who are alike are exact but for the normal law; percentiles of 50 users are not.
    CHECK(agrees(run.value("null", "users", "rejection_rate"), 0.05, 0.002, 0.015));
    CHECK(agrees(run.value("null", "resampled", "rejection_rate"), 0.05, 0.015, 0.015));
    CHECK(run.value("null", "requests", "rejection_rate").value > 0.15);
    CHECK(find_value(run.result.cells[1], 0, "estimate_bias")->absent.find("other values") !=
          std::string::npos);
    CHECK(agrees(run.value("null", "users", "estimate_bias"), 0, 1e-9, 0.01));
  }
}

TEST_CASE("user values: users who report late or return have theirs on both paths", "[engine]") {
  constexpr const char* kClusters =
      R"("clusters": {"size": 2, "size_distribution": "one_plus_poisson", "icc": 0.4},
         "segments": {"a": {"share": 0.4}, "b": {"share": 0.6}})";
  constexpr const char* kByUser =
      R"("ranks": {"rule": "naive_peeking", "test": "mann_whitney"},
         "in a": {"rule": "naive_peeking", "test": "mann_whitney", "segment": "a"},
         "p60": {"rule": "naive_peeking", "test": {"type": "quantile", "p": 0.6}})";
  for (const char* outcome : {R"("bernoulli", "rate": 0.4)", R"("normal", "mean": 1, "sd": 1)"})
    for (const char* late :
         {R"(, "delay": {"daily_probability": 0.5})", R"(, "returning_users": {"probability": 0.4})"}) {
      CAPTURE(outcome, late);
      const std::string text =
          scenario(outcome, kClusters + std::string(late), R"(, "unit": "user")", comparable(700), kByUser);
      check_same_law(rehearse(text, {.path = Path::increments}).result,
                     rehearse(text, {.path = Path::users}).result);
    }
}

TEST_CASE("user values: requests of 0 and 1 of users who return are seen one by one", "[engine]") {
  // Half the difference of rates, held against the pooled variance: ranks decide as rates do.
  const Rehearsal run = rehearse(scenario(
      R"("bernoulli", "rate": 0.3)",
      R"("clusters": {"size": 2, "icc": 0.2}, "returning_users": {"probability": 0.4})", "", affordable(2000),
      R"("ranks": {"rule": "fixed_horizon", "test": "mann_whitney"},
         "rates": {"rule": "fixed_horizon", "test": "z_pooled"})"));
  for (const char* cell : {"null", "effect"}) {
    const double rates = run.value(cell, "rates", "rejection_rate").value;
    CHECK(rates > 0.03);
    CHECK(run.value(cell, "ranks", "rejection_rate").value == Approx(rates).margin(0.02));
  }
}

TEST_CASE("adjusted values: they have the law of users whom the covariate leaves less different",
          "[engine]") {
  const Rehearsal adjusted =
      rehearse(scenario(R"("normal", "mean": 1, "sd": 1)", R"("covariate": {"correlation": 0.8})",
                        R"(, "adjust": "cuped")", affordable(4000)));
  const Rehearsal plain = rehearse(scenario(R"("normal", "mean": 1, "sd": 0.6)", "", "", affordable(4000)));
  // Theta is estimated from 50 users, which makes values more different by 1 %.
  check_decisions(adjusted, plain, 0.01);
  for (const char* strategy : {"ranks", "p80"})
    CHECK(find_value(adjusted.result.cells[1], strategy == std::string("p80"), "coverage")
              ->absent.find("other values") != std::string::npos);
}

TEST_CASE("adjusted values: with delay, returns, requests and segments, on both paths", "[engine]") {
  constexpr const char* kStrategies =
      R"("ranks": {"rule": "naive_peeking", "test": "mann_whitney"},
         "in a": {"rule": "fixed_horizon", "test": {"type": "quantile", "p": 0.6}, "segment": "a"},
         "capped": {"rule": "naive_peeking", "cap": {"quantile": 0.8}, "test": "stratified"})";
  constexpr const char* kFeatures =
      R"("covariate": {"correlation": 0.7}, "segments": {"a": {"share": 0.4}, "b": {"share": 0.6}})";
  const auto check = [&](const std::string& more, const std::string& keys) {
    CAPTURE(more, keys);
    const std::string text = scenario(R"("normal", "mean": 1, "sd": 1)", kFeatures + more,
                                      R"(, "adjust": "cuped")" + keys, comparable(300), kStrategies);
    check_same_law(rehearse(text, {.path = Path::increments}).result,
                   rehearse(text, {.path = Path::users}).result);
  };
  const std::string clusters =
      R"(, "clusters": {"size": 2, "size_distribution": "one_plus_poisson", "icc": 0.4})";
  const std::string late = R"(, "delay": {"daily_probability": 0.5})",
                    returning = R"(, "returning_users": {"probability": 0.4})";
  check(late, "");
  check(returning, "");
  check(clusters, "");
  check(clusters + late, R"(, "unit": "user")");
  check(clusters + returning, R"(, "unit": "user")");
}

/// Rates of rejection and of shipping of one strategy.
struct Rates {
  double null_rejects, effect_rejects, effect_ships;

  Rates(const Rehearsal& run, const char* strategy)
      : null_rejects(run.value("null", strategy, "rejection_rate").value),
        effect_rejects(run.value("effect", strategy, "rejection_rate").value),
        effect_ships(run.value("effect", strategy, "ship_rate").value) {}
};

TEST_CASE("values of metrics: independent ones decide as so many experiments would", "[engine]") {
  constexpr const char* kOne =
      R"("ranks": {"rule": "fixed_horizon", "test": "mann_whitney"},
         "p80": {"rule": "fixed_horizon", "test": {"type": "quantile", "p": 0.8}},
         "bootstrap": {"rule": "fixed_horizon", "test": {"type": "bootstrap", "resamples": 59}})";
  const char* metrics = R"("metrics": {"count": 2, "effects": [0.3, 0.3]})";
  const char* outcome = R"("normal", "mean": 0, "sd": 1)";
  const i64 replications = affordable(3000);
  const Rehearsal one = rehearse(scenario(outcome, "", "", replications, kOne));
  const Rehearsal any = rehearse(scenario(outcome, metrics, R"(, "decide": "any")", replications, kOne));
  const Rehearsal all = rehearse(scenario(outcome, metrics, R"(, "decide": "all")", replications, kOne));
  // 4 errors of two proportions, of which the one of a single experiment is raised to its third power.
  const double room = 4 * 0.5 * std::sqrt((1 + 9) / static_cast<double>(replications));
  for (const char* test : {"ranks", "p80", "bootstrap"}) {
    CAPTURE(test);
    const Rates single(one, test), either(any, test), together(all, test);
    CHECK(std::fabs(either.null_rejects - (1 - std::pow(1 - single.null_rejects, 3))) <= room / 3);
    CHECK(std::fabs(either.effect_rejects - (1 - std::pow(1 - single.effect_rejects, 3))) <= room);
    CHECK(std::fabs(together.effect_ships - std::pow(single.effect_ships, 3)) <= room);
    CHECK(either.effect_rejects > single.effect_rejects + 0.1);
    CHECK(together.effect_ships < single.effect_ships - 0.1);
  }
}

TEST_CASE("values of metrics: on both paths, whatever else happens to users", "[engine]") {
  constexpr const char* kStrategies =
      R"("any": {"rule": "naive_peeking", "test": "mann_whitney", "decide": "any", "cap": 1.2},
         "all": {"rule": "fixed_horizon", "test": {"type": "quantile", "p": 0.6}, "decide": "all", "any_segment": true},
         "capped": {"rule": "naive_peeking", "cap": {"quantile": 0.8}, "decide": "any", "correction": "holm"})";
  const auto check = [&](const std::string& more, const std::string& keys) {
    CAPTURE(more, keys);
    const std::string text = scenario(R"("normal", "mean": 1, "sd": 1)",
                                      R"("metrics": {"count": 2, "correlation": 0.5, "effects": [0.2, 0]},
           "segments": {"a": {"share": 0.4}, "b": {"share": 0.6}})" +
                                          more,
                                      keys, comparable(250), kStrategies);
    check_same_law(rehearse(text, {.path = Path::increments}).result,
                   rehearse(text, {.path = Path::users}).result);
  };
  const std::string covariate = R"(, "covariate": {"correlation": 0.7})",
                    clusters = R"(, "clusters": {"size": 2, "icc": 0.4})";
  check("", "");
  check(covariate + R"(, "delay": {"daily_probability": 0.5})", R"(, "adjust": "cuped")");
  check(clusters + R"(, "returning_users": {"probability": 0.4})", R"(, "unit": "user")");
}

TEST_CASE("values: users' and adjusted ones, of several metrics, go with every rule, test and policy",
          "[engine]") {
  const Json pool = parameters(false);
  const Json everything = {
      {"adjust", "cuped"}, {"unit", "user"}, {"cap", {{"quantile", 0.9}}}, {"decide", "any"}};
  Trial trial;
  trial.users = 14;
  trial.days = 2;
  trial.looks = {{"every_users", 9}};
  trial.replications = 40;
  trial.effect = {{"absolute", 0.3}};
  trial.features = {{"covariate", {{"correlation", 0.5}}},
                    {"metrics", {{"count", 2}}},
                    {"clusters", {{"size", 2}, {"icc", 0.3}}}};
  const auto& normal = *std::ranges::find_if(
      registry().outcomes, [](const auto& outcome) { return outcome.name == std::string("normal"); });
  trial.outcome = typed(normal, pool, "type");
  for (const auto& policy : registry().policies) {
    trial.policy = typed(policy, pool, "type");
    if (!objection(policy, trial.policy, normal).empty()) continue;
    if (!is_affordable(index_of(registry().policies, policy), 0)) continue;
    if (policy.make()->learning() != nullptr)
      trial.policy["rounds"] = {{"every_users", 4}};  // batch_z asks for it
    trial.strategies = all_strategies(pool, everything);
    if (!leaf_with(policy, trial.policy)->gives_every_arm_a_chance())
      trial.strategies = without_chances(trial.strategies);
    INFO(policy.name);
    check_sound(trial.run());
  }
}

}  // namespace
}  // namespace windtunnel

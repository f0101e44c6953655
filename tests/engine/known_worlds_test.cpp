#include <fmt/format.h>

#include <cmath>

#include "support/catch.hpp"
#include "support/references.hpp"
#include "support/rehearsal.hpp"

/// Features of the world, replayed through the whole engine, against exact values. The scale is that of the
/// references: a lasting effect with a drift of 2.801585, the power .8 of a fixed two-sided test at .05.
namespace windtunnel {
namespace {

constexpr double kDrift = 2.801585;  // Phi^{-1}(.975) + Phi^{-1}(.8)
constexpr int kPerArm = 100;         // users per arm and day

/// The constant effect that has this drift after `days` days, with unit variance.
double effect_of(double drift, int days) {
  return drift * std::sqrt(2.0 / (kPerArm * days));
}

/// A scenario of normal outcomes with known variance.
///   feature     the inside of `features`
///   strategies  the inside of the object
Rehearsal run_world(int days, double effect, const std::string& feature, const std::string& strategies,
                    i64 replications) {
  return rehearse(fmt::format(
      R"({{"windtunnel": 1, "replications": {}, "world": {{"traffic": {{"users_per_day": {}, "days": {}}},
          "outcome": {{"type": "normal", "mean": 0, "sd": 1}}, "effect": {{"absolute": {}}}, "features": {{{}}}}},
          "defaults": {{"test": {{"type": "z_known", "sd": 1}}}}, "strategies": {{{}}}}})",
      affordable(replications), 2 * kPerArm, days, effect, feature, strategies));
}

constexpr const char* kFixed = R"("fixed": {"rule": "fixed_horizon"})";

TEST_CASE("known answers: a fixed test while novelty fades", "[engine]") {
  for (const char* id : {"NOV-1-7-14", "NOV--0.8-10-14"}) {
    const Reference known = reference(id);
    const int days = known.params["T"];
    const double tau = known.params["tau"], share = known.params["a"], effect = effect_of(kDrift, days);
    const Rehearsal run = run_world(days, effect,
                                    fmt::format(R"("novelty": {{"absolute": {}, "half_life_days": {}}})",
                                                share * effect, tau * std::log(2.0)),
                                    kFixed, 1'000'000);
    CAPTURE(id);
    CHECK(agrees(run.value("effect", "fixed", "rejection_rate"), known.value(2), known.tol()));
    // The mean estimate is the discrete average factor times the effect; bias is measured against the effect.
    CHECK(agrees(run.value("effect", "fixed", "estimate_bias"), (known.value(1) - 1) * effect,
                 known.tol() * effect));
  }
}

TEST_CASE("known answers: four designs look daily while novelty fades", "[engine]") {
  const double effect = effect_of(kDrift, 14);
  const Rehearsal run = run_world(
      14, effect,
      fmt::format(R"("novelty": {{"absolute": {}, "half_life_days": {}}})", effect, 3 * std::log(2.0)),
      R"("fixed": {"rule": "fixed_horizon"},
                   "naive": {"rule": "naive_peeking", "looks": {"every_days": 1}},
                   "pocock": {"rule": "group_sequential", "boundary": "pocock", "looks": {"every_days": 1}},
                   "obf": {"rule": "group_sequential", "boundary": "obrien_fleming", "looks": {"every_days": 1}})",
      1'000'000);
  for (const auto& [id, cell] : {std::pair("NOV-peek-up3", "effect"), std::pair("NOV-peek-pure3", "null")}) {
    const Reference known = reference(id);
    const char* const designs[] = {"fixed", "naive", "pocock", "obf"};
    for (std::size_t d = 0; d < 4; ++d) {
      CAPTURE(id, designs[d]);
      CHECK(agrees(run.value(cell, designs[d], "ship_rate"), known.value(d), known.tol()));
    }
  }
}

TEST_CASE("known answers: users who are served the other arm", "[engine]") {
  const Reference known = reference("LEAK-0.1");
  const double effect = effect_of(kDrift, 14);
  for (const auto& [direction, first] : {std::pair("one_way", 0), std::pair("two_way", 2)}) {
    const Rehearsal run =
        run_world(14, effect, fmt::format(R"("leakage": {{"rate": 0.1, "direction": "{}"}})", direction),
                  kFixed, 1'000'000);
    CAPTURE(direction);
    const auto f = static_cast<std::size_t>(first);
    // The closed form ignores that a mixture of means has a larger variance: by at most effect^2/4 of 1,
    // which moves the standardised drift by a relative effect^2/8 < 3e-4 and the power by less than 4e-4.
    CHECK(agrees(run.value("effect", "fixed", "rejection_rate"), known.value(f + 1), 4e-4));
    CHECK(agrees(run.value("effect", "fixed", "estimate_bias"), (known.value(f) - 1) * effect, 1e-9));
  }
}

/// Segments s0, s1, ... of equal shares.
std::string equal_segments(int count) {
  std::string segments;
  for (int g = 0; g < count; ++g)
    segments += fmt::format(R"({}"s{}": {{"share": {}}})", g > 0 ? ", " : "", g, 1.0 / count);
  return fmt::format(R"("segments": {{{}}})", segments);
}

TEST_CASE("known answers: power inside a segment", "[engine]") {
  for (const auto& [id, segments] : {std::pair("SEG-pow-2", 2), std::pair("SEG-pow-5", 5)}) {
    // Users of a segment are binomial, so 1/n is not 1/E n: the drift moves by a relative 1/(8 E n) or less.
    const Rehearsal run = run_world(100, effect_of(kDrift, 100), equal_segments(segments),
                                    R"("one": {"rule": "fixed_horizon", "segment": "s0"})", 1'000'000);
    const Reference known = reference(id);
    CAPTURE(id);
    CHECK(agrees(run.value("effect", "one", "rejection_rate"), known.value(), known.tol() + 1e-4));
  }
}

TEST_CASE("known answers: Simpson's paradox", "[engine]") {
  const Reference known = reference("SEG-simpson");
  const Rehearsal run = rehearse(fmt::format(
      R"({{"windtunnel": 1, "replications": {}, "world": {{"traffic": {{"users_per_day": 20000, "days": 1}},
          "outcome": {{"type": "bernoulli", "rate": 0.02}}, "effect": {{"absolute": 0.005}},
          "features": {{"segments": {{"keen": {{"share": 0.5, "rate_multiplier": 5, "shares": [0.8, 0.2]}},
                                     "idle": {{"share": 0.5, "shares": [0.2, 0.8]}}}}}}}},
          "strategies": {{"pooled": {{"rule": "fixed_horizon"}},
                          "keen": {{"rule": "fixed_horizon", "segment": "keen"}},
                          "stratified": {{"rule": "fixed_horizon", "test": "stratified"}}}}}})",
      affordable(100'000)));
  CHECK(agrees(run.value("effect", "pooled", "estimate_bias"), known.value() - 0.005, 1e-12));
  CHECK(agrees(run.value("effect", "keen", "estimate_bias"), 0, 1e-12, 0.0005));  // a tenth of the effect
  CHECK(run.value("effect", "pooled", "keep_rate").value > 0.999);  // the better treatment looks far worse
  CHECK(agrees(run.value("effect", "stratified", "estimate_bias"), 0, 1e-12, 0.0005));
  // 8,000 and 2,000 users of either segment in an arm, and one effect in both, so that the shares' own spread
  // adds nothing. Binomial counts make 1/n larger by 1/2000 at most, and the error by half of that.
  const double error =
      0.5 * std::sqrt(0.1 * 0.9 / 8000 + 0.105 * 0.895 / 2000 + 0.02 * 0.98 / 2000 + 0.025 * 0.975 / 8000);
  CHECK(agrees(run.value("effect", "stratified", "estimate_rmse"), error, error / 4000));
  CHECK(agrees(run.value("effect", "stratified", "coverage"), 0.95, 0.001));  // conversions are few
  CHECK(agrees(run.value("null", "stratified", "rejection_rate"), 0.05, 0.001));
}

TEST_CASE("known answers: strata take what they differ by out of the variance", "[engine]") {
  // Levels 1 and 3 of half of the users each, without and with an effect that doubles: the spread within is
  // 1, in the pool sqrt(2). Shares of segments are seen with an error of 1/(2 sqrt(N)), by which effects of
  // .1 and .3 move the estimate by a variance of (.2)^2/(4 N), beside 4/N.
  const Rehearsal run = rehearse(fmt::format(
      R"({{"windtunnel": 1, "replications": {}, "world": {{"traffic": {{"users_per_day": 4000, "days": 1}},
          "outcome": {{"type": "normal", "mean": 1, "sd": 1}}, "effect": {{"relative": 0.1}},
          "features": {{"segments": {{"low": {{"share": 0.5}}, "high": {{"share": 0.5, "rate_multiplier": 3}}}}}}}},
          "strategies": {{"pooled": {{"rule": "fixed_horizon", "test": "z_unpooled"}},
                          "stratified": {{"rule": "fixed_horizon", "test": "stratified"}}}}}})",
      affordable(200'000)));
  const double within = 4.0 / 4000, shares = 0.04 / (4 * 4000);
  CHECK(agrees(run.value("effect", "stratified", "estimate_rmse"), std::sqrt(within + shares), 1e-5));
  CHECK(agrees(run.value("effect", "stratified", "estimate_bias"), 0, 1e-12, 0.001));
  CHECK(agrees(run.value("null", "stratified", "rejection_rate"), 0.05, 3e-4));  // a normal law for a t
  // In the pool, the difference of shares counts: (2.2)^2/4 in the treatment and 1 in control beside 1 each.
  CHECK(agrees(run.value("effect", "pooled", "estimate_rmse"), std::sqrt((2 + 1.21 + 1) / 2000), 1e-5));
}

TEST_CASE("known answers: segments tested side by side", "[engine]") {
  for (const auto& [id, segments] : {std::pair("MULT-ind-2", 2), std::pair("MULT-ind-5", 5)}) {
    const Rehearsal run = run_world(100, 0, equal_segments(segments),
                                    R"("none": {"rule": "fixed_horizon", "any_segment": true},
           "bonferroni": {"rule": "fixed_horizon", "any_segment": true, "correction": "bonferroni"})",
                                    1'000'000);
    const Reference known = reference(id);
    CAPTURE(id);
    CHECK(agrees(run.value("null", "none", "rejection_rate"), known.value(0), known.tol()));
    CHECK(agrees(run.value("null", "bonferroni", "rejection_rate"), known.value(1), known.tol()));
  }
}

TEST_CASE("known answers: a sample ratio mismatch is noticed", "[engine]") {
  for (const char* id : {"SRM-10000-0.05", "SRM-100000-0.05", "SRM-100000-0.001"}) {
    const Reference known = reference(id);
    const Rehearsal run = rehearse(fmt::format(
        R"({{"windtunnel": 1, "replications": {}, "world": {{"traffic": {{"users_per_day": {}, "days": 1}},
            "outcome": {{"type": "bernoulli", "rate": 0.05}},
            "features": {{"sample_ratio_mismatch": {{"shares": [0.505, 0.495]}}}}}},
            "strategies": {{"guarded": {{"rule": "fixed_horizon", "guards": {{"sample_ratio": {}}},
                "policy": {{"type": "fixed_split", "assignment": "bernoulli"}}}}}}}})",
        affordable(1'000'000), known.params["n_total"].get<i64>(), known.params["alpha"].get<double>()));
    CAPTURE(id);
    CHECK(agrees(run.value("null", "guarded", "abort_rate"), known.value(1), known.tol()));
    const double aborted = run.value("null", "guarded", "abort_rate").value;
    CHECK(run.value("null", "guarded", "undecided_rate").value >= aborted);
    CHECK(run.value("null", "guarded", "rejection_rate").value <= 1 - aborted);
  }
}

TEST_CASE("known answers: estimates adjusted by a covariate", "[engine]") {
  for (const char* id : {"CUPED-0.5", "CUPED-0.7"}) {
    const Reference known = reference(id);
    const Rehearsal run =
        run_world(100, effect_of(kDrift, 100),
                  fmt::format(R"("covariate": {{"correlation": {}}})", known.params["rho"].get<double>()),
                  R"("plain": {"rule": "fixed_horizon"},
           "cuped": {"rule": "fixed_horizon", "test": "z_unpooled", "adjust": "cuped"})",
                  1'000'000);
    CAPTURE(id);
    // Theta and the variance are estimated from 20,000 users: both move the power by less than 1/20,000.
    CHECK(agrees(run.value("effect", "cuped", "rejection_rate"), known.value(1), known.tol() + 5e-5));
    const double plain = run.value("effect", "plain", "estimate_rmse").value;
    const double cuped = run.value("effect", "cuped", "estimate_rmse").value;
    const double error =
        std::sqrt(2.0 / static_cast<double>(affordable(1'000'000)));  // of a ratio of variances
    CHECK(std::fabs(cuped * cuped / (plain * plain) - known.value(0)) <= 4 * error);
  }
  const Reference known = reference("CUPED-post");
  const Rehearsal run = run_world(1, 0.1, R"("covariate": {"correlation": 0.5, "treatment_shift": 0.1})",
                                  R"("plain": {"rule": "fixed_horizon"},
                   "cuped": {"rule": "fixed_horizon", "test": "z_unpooled", "adjust": "cuped"})",
                                  1'000'000);
  CHECK(agrees(run.value("effect", "cuped", "estimate_bias"), known.value() - 0.1, known.tol()));
}

TEST_CASE("known answers: several metrics", "[engine]") {
  for (const auto& [id, metrics] :
       {std::pair("MULT-ind-2", 2), std::pair("MULT-ind-5", 5), std::pair("MULT-ind-10", 10),
        std::pair("MULT-ind-15", 15), std::pair("MULT-rho5-2", 2), std::pair("MULT-rho5-5", 5)}) {
    const Reference known = reference(id);
    const Rehearsal run = run_world(10, 0,
                                    fmt::format(R"("metrics": {{"count": {}, "correlation": {}}})",
                                                metrics - 1, known.params.value("rho", 0.0)),
                                    R"("none": {"rule": "fixed_horizon", "decide": "any"},
           "bonferroni": {"rule": "fixed_horizon", "decide": "any", "correction": "bonferroni"})",
                                    400'000);
    CAPTURE(id);
    CHECK(agrees(run.value("null", "none", "rejection_rate"), known.value(0), known.tol()));
    CHECK(agrees(run.value("null", "bonferroni", "rejection_rate"), known.value(1), known.tol()));
  }
}

TEST_CASE("known answers: what Bonferroni costs the one metric with an effect", "[engine]") {
  const Reference known = reference("MULT-bonf15");
  const int metrics = known.params["m"];
  const double level = known.value(0);
  // The outcome has an effect of the power .8 without a correction, fourteen independent metrics have none.
  for (const auto& [users, power] : {std::pair(1.0, known.value(2)), std::pair(known.value(3), 0.8)}) {
    const Rehearsal run = run_world(
        10, effect_of(kDrift * std::sqrt(users), 10),
        fmt::format(R"("metrics": {{"count": {}}})", metrics - 1),
        R"("any": {"rule": "fixed_horizon", "decide": "any", "correction": "bonferroni"})", 200'000);
    CAPTURE(users);
    CHECK(agrees(run.value("effect", "any", "rejection_rate"),
                 1 - (1 - power) * std::pow(1 - level, metrics - 1), 1e-6));
    CHECK(agrees(run.value("effect", "any", "ship_rate"),
                 1 - (1 - power) * std::pow(1 - level / 2, metrics - 1), 1e-6));
    CHECK(agrees(run.value("null", "any", "rejection_rate"), 1 - std::pow(1 - level, metrics), 1e-6));
  }
}

TEST_CASE("known answers: conversions that come late", "[engine]") {
  for (const char* id : {"DELAY-0.5-7", "DELAY-0.2-14"}) {
    const Reference known = reference(id);
    const bool is_week = std::string(id) == "DELAY-0.5-7";
    const int days = is_week ? 7 : 14, users = 2 * known.params["n"].get<int>() / days;  // 31,234 = 7 * 4462
    const double q = known.params["q"];
    const Rehearsal run = rehearse(fmt::format(
        R"({{"windtunnel": 1, "replications": {}, "world": {{"traffic": {{"users_per_day": {}, "days": {}}},
            "outcome": {{"type": "bernoulli", "rate": 0.05}}, "effect": {{"absolute": 0.005}},
            "features": {{"delay": {{"daily_probability": {}}}}}}},
            "strategies": {{"exposed": {{"rule": "fixed_horizon", "test": "z_unpooled"}}}}}})",
        affordable(300'000), users, days, q));
    CAPTURE(id);
    constexpr double kTolerance = 2e-4;  // of a power that takes counts for normal
    CHECK(agrees(run.value("effect", "exposed", "rejection_rate"), known.value(1), kTolerance));
    for (const auto& [arm, rate] : {std::pair("0", 0.05), std::pair("1", 0.055)})
      CHECK(agrees(run.value("effect", "exposed", "arm_mean_bias", arm), (known.value(0) - 1) * rate,
                   known.tol() * rate, 1e-5));
    CHECK(agrees(run.value("effect", "exposed", "estimate_bias"), (known.value(0) - 1) * 0.005,
                 known.tol() * 0.005, 2e-5));
    CHECK(agrees(run.value("null", "exposed", "rejection_rate"), 0.05, kTolerance));
  }
}

TEST_CASE("known answers: posteriors are calibrated under optional stopping", "[engine]") {
  for (const char* id : {"BAY-calib-1", "BAY-calib-2"}) {
    const Reference known = reference(id);
    const bool is_first = std::string(id) == "BAY-calib-1";
    const char* law =
        is_first ? R"({"type": "beta", "a": 5, "b": 95})" : R"({"type": "beta", "a": 1, "b": 1})";
    const int users = 2 * known.params["per_arm_per_look"].get<int>() * known.params["looks"].get<int>();
    const auto replay = [&](const std::string& rate) {
      return rehearse(fmt::format(
          R"({{"windtunnel": 1, "replications": {}, "world": {{"traffic": {{"users_per_day": {}, "days": 1}},
              "outcome": {{"type": "bernoulli", "rate": {}}}}}, "defaults": {{"looks": {{"equally_spaced": {}}}}},
              "strategies": {{"best": {{"rule": "probability_best", "threshold": 0.95, "alternative": "{}",
                                       "prior": {}}}}}}})",
          affordable(1'000'000), users, rate, known.params["looks"].get<int>(),
          known.params["two_sided"].get<bool>() ? "two_sided" : "one_sided", law));
    };
    CAPTURE(id);
    const Rehearsal drawn = replay(fmt::format("[{}, {}]", law, law));
    CHECK(agrees(drawn.value("drawn", "best", "rejection_rate"), known.value(0), known.tol()));
    CHECK(agrees(drawn.value("drawn", "best", "wrong_given_decision"), known.value(1), known.tol()));
    const Rehearsal equal = replay(is_first ? "0.05" : "0.5");
    CHECK(agrees(equal.value("null", "best", "rejection_rate"), known.value(2), known.tol()));
  }
}

}  // namespace
}  // namespace windtunnel

#include <fmt/format.h>

#include <cmath>

#include "support/catch.hpp"
#include "support/rehearsal.hpp"

/// Guards of the sample ratio beside policies that learn.
namespace windtunnel {
namespace {

/// Strategies that look four times, each with a guard of level .05.
///   mismatch    the inside of the feature
///   strategies  policies by name
Rehearsal run_guarded(const std::string& mismatch, const std::string& strategies, i64 replications,
                      int arms = 2) {
  return rehearse(fmt::format(
      R"({{"windtunnel": 1, "replications": {}, "world": {{"arms": {}, "traffic": {{"users_per_day": 400, "days": 4}},
          "outcome": {{"type": "bernoulli", "rate": 0.3}}, "effect": {{"relative": 0.2}},
          "features": {{"sample_ratio_mismatch": {{{}}}}}}},
          "defaults": {{"guards": {{"sample_ratio": 0.05}}, "looks": {{"every_days": 1}}, "rule": "fixed_horizon"}},
          "strategies": {{{}}}}})",
      affordable(replications), arms, mismatch, strategies));
}

constexpr const char* kSound = R"("drop_rate": 0)";

TEST_CASE("guards: users of a policy that tosses even coins are guarded as those of an even split",
          "[engine][bandits]") {
  // With epsilon 1 users are split as by a coin, but for the first of each arm, who come in turn.
  const std::string strategies =
      R"("coin": {"policy": {"type": "fixed_split", "assignment": "bernoulli"}},
         "even": {"policy": {"type": "epsilon_greedy", "epsilon": 1, "rounds": {"every_users": 100}}},
         "daily": {"policy": {"type": "epsilon_greedy", "epsilon": 1, "rounds": {"every_days": 1}}})";
  for (int arms : {2, 3})
    for (const char* mismatch : {kSound, R"("arm": "control", "drop_rate": 0.05)", "shares"}) {
      const std::string shares = arms == 2 ? R"("shares": [9, 10])" : R"("shares": [9, 10, 10])";
      const Rehearsal run =
          run_guarded(mismatch == std::string("shares") ? shares : mismatch, strategies, 10'000, arms);
      const Value coin = run.value("effect", "coin", "abort_rate");
      for (const char* name : {"even", "daily"}) {
        const Value seen = run.value("effect", name, "abort_rate");
        CAPTURE(arms, mismatch, name, seen.value, coin.value);
        CHECK(std::fabs(seen.value - coin.value) <= 4 * std::hypot(seen.mcse, coin.mcse) + 2e-3);
      }
    }
}

TEST_CASE("guards: chances that vary do not make one fire too often, and losses do make it fire",
          "[engine][bandits]") {
  const std::string strategies =
      R"("thompson": {"policy": {"type": "thompson", "rounds": {"every_days": 1}}},
         "softmax": {"policy": {"type": "softmax", "temperature": 0.1}},
         "floor": {"policy": {"type": "ucb1", "floor": 0.1, "rounds": {"every_users": 50}}},
         "index": {"policy": "ucb1"})";
  const Rehearsal sound = run_guarded(kSound, strategies, 4000);
  const Rehearsal lossy = run_guarded(R"("arm": "treatment", "drop_rate": 0.3)", strategies, 500);
  for (const char* name : {"thompson", "softmax", "floor", "index"}) {
    CAPTURE(name);
    // Four looks at the level .05 each.
    const Value alarms = sound.value("null", name, "abort_rate");
    CHECK(alarms.value <= 0.126 + 4 * alarms.mcse);
    CHECK(lossy.value("effect", name, "abort_rate").value > 0.9);
  }
  CHECK(sound.value("null", "index", "abort_rate").value == 0);  // arms are given outright
}

}  // namespace
}  // namespace windtunnel

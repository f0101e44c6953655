#include <fmt/format.h>

#include <chrono>
#include <cmath>

#include "support/catch.hpp"
#include "support/references.hpp"
#include "support/rehearsal.hpp"

/// Known answers of bandits: exact dynamic programming, closed forms and published simulations, through the
/// whole engine.
namespace windtunnel {
namespace {

/// One day of `users` users; arms by their rates.
Rehearsal run_bandits(const std::string& outcome, i64 users, const std::string& strategies, i64 replications,
                      int arms = 2) {
  return rehearse(fmt::format(
      R"({{"windtunnel": 1, "replications": {}, "null_twin": false,
          "world": {{"arms": {}, "traffic": {{"users_per_day": {}, "days": 1}}, "outcome": {{{}}}}},
          "strategies": {{{}}}}})",
      affordable(replications), arms, users, outcome, strategies));
}

std::string bernoulli(const std::string& rates) {
  return fmt::format(R"("type": "bernoulli", "rate": [{}])", rates);
}

std::string playing(const std::string& name, const std::string& policy) {
  return fmt::format(R"("{}": {{"policy": {{"type": {}}}}})", name, policy);
}

/// Regret after 10, 20, 50 and 100 users.
///   resolution  what must be told, in shares of the value
void check_regret_of_two_arms(i64 replications, double resolution) {
  const std::string strategies = playing("greedy", R"("epsilon_greedy", "epsilon": 0)") + "," +
                                 playing("eps", R"("epsilon_greedy", "epsilon": 0.1)") + "," +
                                 playing("ucb1", R"("ucb1")") + "," + playing("ts", R"("thompson")");
  for (const char* rates : {".5,.6", ".9,.6"}) {
    const std::string numbers = rates == std::string(".5,.6") ? "0.5, 0.6" : "0.9, 0.6";
    const Rehearsal run = run_bandits(bernoulli(numbers), 100, strategies, replications);
    for (const char* policy : {"greedy", "eps", "ucb1", "ts"}) {
      const Reference known = reference(fmt::format("BD-{}-{}", policy, rates));
      for (std::size_t i = 0; i < known.size(); ++i) {
        const std::string at = std::to_string(known.params["T"][i].get<int>());
        CAPTURE(policy, rates, at);
        CHECK(agrees(run.value("effect", policy, "regret_curve", at), known.value(i), known.tol(),
                     resolution * known.value(i)));
      }
    }
  }
}

/// The standard deviation is 7 at most, so that a million replications tell a difference of 2 % in the
/// largest numbers: 4 * 7 / 1000 against .02 * 3.3.
TEST_CASE("known answers: regret of two arms, by dynamic programming", "[engine][bandits]") {
  check_regret_of_two_arms(1'000'000, 0.02);
}

/// Takes too long to be run with the others: ./windtunnel test --all runs it.
TEST_CASE("known answers: regret of two arms, to one part in 150", "[.deep]") {
  check_regret_of_two_arms(10'000'000, 0.0065);
}

/// Bias of an arm's mean and false positives of a test that does not know who allocated.
///   resolution  what must be told of the bias; of the false positives twice that
void check_naive_test(i64 replications, double resolution) {
  const Reference known = reference("BD-infer-null");
  // The reference rejects at |z| >= 1.96; alpha is twice the tail beyond it.
  const std::string rule = R"("rule": "fixed_horizon", "test": "z_pooled", "alpha": 0.04999579029644087)";
  const auto with = [&](const char* name, const char* policy) {
    return fmt::format(R"("{}": {{{}, "policy": {}}})", name, rule, policy);
  };
  const std::string strategies = with("Thompson", R"("thompson")") + "," + with("UCB1", R"("ucb1")") + "," +
                                 with("eps .1", R"({"type": "epsilon_greedy", "epsilon": 0.1})") + "," +
                                 with("uniform", R"({"type": "fixed_split", "assignment": "bernoulli"})");
  const Rehearsal run = run_bandits(bernoulli("0.5, 0.5"), 100, strategies, replications);
  for (std::size_t i = 0; i < 4; ++i) {
    const std::string policy = known.params["policies"][i];
    CAPTURE(policy);
    CHECK(agrees(run.value("null", policy, "arm_mean_bias", "0"), known.value(i) - 0.5, known.tol(),
                 resolution));
    CHECK(
        agrees(run.value("null", policy, "rejection_rate"), known.value(4 + i), known.tol(), 2 * resolution));
  }
}

TEST_CASE("known answers: what a naive test makes of a bandit's data", "[engine][bandits]") {
  check_naive_test(1'000'000, 0.001);
}

/// Takes too long to be run with the others: ./windtunnel test --all runs it.
TEST_CASE("known answers: what a naive test makes of a bandit's data, to one part in 200", "[.deep]") {
  check_naive_test(10'000'000, 0.00025);
}

TEST_CASE("known answers: explore, then commit", "[engine][bandits]") {
  for (const char* id : {"ETC-g-0.1-100", "ETC-g-0.5-50"}) {
    const Reference known = reference(id);
    const double gap = known.params["Delta"];
    const int m = known.params["m"], users = known.params["n"];
    const Rehearsal run =
        run_bandits(fmt::format(R"("type": "normal", "sd": 1, "mean": [0, {}])", gap), users,
                    playing("etc", fmt::format(R"("explore_then_commit", "m": {})", m)), 40'000);
    CAPTURE(id);
    CHECK(agrees(run.value("effect", "etc", "regret"), known.value(), known.tol(), 0.04 * known.value()));
  }
  const Reference known = reference("ETC-b");
  for (std::size_t i = 0; i < 3; ++i) {
    const int m = known.params["m"][i];
    const Rehearsal run =
        run_bandits(bernoulli("0.6, 0.5"), 1000,
                    playing("etc", fmt::format(R"("explore_then_commit", "m": {})", m)), 40'000);
    const double error = 100 * (1 - known.value(i));  // a wrong arm loses .1 for each of the rest
    CAPTURE(m, error);
    CHECK(agrees(run.value("effect", "etc", "regret"), known.value(3 + i), known.tol(),
                 0.04 * known.value(3 + i)));
    // P(correct) is that of the users who are not in turn.
    const double best_share = (m + known.value(i) * (1000 - 2 * m)) / 1000;
    CHECK(agrees(run.value("effect", "etc", "best_arm_share"), best_share, known.tol(), 0.04 * best_share));
  }
}

/// Regret after 10,000 users, known by simulation: the tolerance is that of the reference.
TEST_CASE("known answers: regret of long bandits", "[engine][bandits]") {
  struct Case {
    const char *id, *rates, *policy;
    int arms;
    i64 replications;
  };
  const Case cases[] = {
      {"BM-ts-.9,.6-10000", "0.9, 0.6", R"("thompson")", 2, 20'000},
      {"BM-ts-.9,.8-10000", "0.9, 0.8", R"("thompson")", 2, 20'000},
      {"BM-ucb1-.9,.8-10000", "0.9, 0.8", R"("ucb1")", 2, 20'000},
      {"BM-eps-.9,.6-10000", "0.9, 0.6", R"("epsilon_greedy", "epsilon": 0.1)", 2, 20'000},
      {"BM-ucb1-.9,.6x9-10000", "0.9, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6", R"("ucb1")", 10, 4'000},
      {"BM-ucb1-.1..9-10000", "0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9", R"("ucb1")", 9, 4'000},
      {"BM-ts-.05,.055-10000", "0.05, 0.055", R"("thompson")", 2, 20'000},
      {"BM-ts-.9,.8_feedback_in_batches_of_100-10000", "0.9, 0.8",
       R"("thompson", "rounds": {"every_users": 100})", 2, 5'000},
  };
  for (const Case& c : cases) {
    const Reference known = reference(c.id);
    const Rehearsal run =
        run_bandits(bernoulli(c.rates), 10'000, playing("it", c.policy), c.replications, c.arms);
    CAPTURE(c.id, run.value("effect", "it", "regret").value);
    CHECK(agrees(run.value("effect", "it", "regret"), known.value(), known.tol()));
  }
}

TEST_CASE("known bandits: the tutorial's greedy never leaves its first arm, and with costs tries all",
          "[engine][bandits]") {
  // Means so far apart that no sum is near 0. Of rewards the first arm, any of the four, is served all four
  // users: a regret of 4 (0 + 1 + 2 + 3)/4 in the mean, with a variance of 4^2 (0 + 1 + 4 + 9)/4 - 6^2 = 20.
  // Of costs every arm is served one: 6 always.
  const std::string outcome = R"("type": "normal", "mean": [10, 11, 12, 13], "sd": 0.5, "better": )",
                    tutorial = playing("it", R"("tutorial_greedy")");
  constexpr i64 kReplications = 20'000;
  const auto regret = [&](const char* better) {
    return run_bandits(outcome + better, 4, tutorial, kReplications, 4).value("effect", "it", "regret");
  };
  const Value rewards = regret(R"("higher")"), costs = regret(R"("lower")");
  CHECK(agrees(rewards, 6, 0, 0.15));
  const double variance = rewards.mcse * rewards.mcse * static_cast<double>(rewards.replications);
  // The regrets 0, 4, 8 and 12 have a fourth central moment of 656: of the variance sqrt((656 - 400)/R).
  CHECK(std::fabs(variance - 20) <=
        4 * std::sqrt((656. - 400) / static_cast<double>(rewards.replications)) + 0.001 * 20);
  CHECK(costs.value == Approx(6).epsilon(1e-12));
  CHECK(costs.mcse < 1e-6);
}

TEST_CASE("known bandits: a thousand arms cost bayes_ucb no quantile each", "[engine][bandits]") {
  // 26 million quantiles of a microsecond each, of which hardly any two users ask for a new one.
  const auto start = std::chrono::steady_clock::now();
  run_bandits(R"("type": "bernoulli", "rate": 0.5)", 100, playing("it", R"("bayes_ucb")"), 256, 1000);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(10));
}

}  // namespace
}  // namespace windtunnel

#include <fmt/format.h>

#include <cmath>

#include "support/catch.hpp"
#include "support/rehearsal.hpp"
#include "support/same_law.hpp"
#include "support/slow_bandit.hpp"
#include "windtunnel/core/error.hpp"

/// Every policy against the slow simulator of one user at a time, through the whole engine.
namespace windtunnel {
namespace {

constexpr i64 kSlow = 2'000, kFast = 8'000;

/// Replications of the engine; policies that find a quantile for every user get fewer.
i64 replications_of(const std::string& policy) {
  return comparable(policy == "bayes_ucb" ? kFast / 4 : kFast);
}

/// The slow simulator's world and policy as a scenario.
std::string scenario_of(const SlowBandit& bandit, const std::string& keys) {
  std::string means;
  for (double mean : bandit.means) means += fmt::format("{}{}", means.empty() ? "" : ", ", mean);
  std::string outcome = fmt::format(R"("type": "bernoulli", "rate": [{}])", means);
  if (bandit.sd >= 0) outcome = fmt::format(R"("type": "normal", "sd": {}, "mean": [{}])", bandit.sd, means);
  if (bandit.poisson) outcome = fmt::format(R"("type": "poisson", "mean": [{}])", means);
  if (bandit.lower) outcome += R"(, "better": "lower")";
  return fmt::format(
      R"({{"windtunnel": 1, "replications": {}, "null_twin": false,
          "world": {{"arms": {}, "traffic": {{"users_per_day": {}, "days": 1}}, "outcome": {{{}}}}},
          "strategies": {{"it": {{"policy": {{"type": "{}"{}, "rounds": {{"every_users": {}}}, "floor": {},
                                             "burn_in": {}}}}}}}}})",
      replications_of(bandit.policy), bandit.means.size(), bandit.users, outcome, bandit.policy, keys,
      bandit.round, bandit.floor, bandit.burn_in);
}

/// Runs both and compares mean regret, how often the best arm is served in the end, and the bias of every
/// arm's mean. Differences of 4 combined errors come
/// once in 16,000 times.
void duel(const SlowBandit& bandit, const std::string& keys = "", i64 slow_replications = kSlow) {
  static unsigned seed = 1;
  INFO(bandit.policy << " " << keys << ", " << bandit.means.size() << " arms, rounds of " << bandit.round);
  const Rehearsal fast = rehearse(scenario_of(bandit, keys));
  if (kSanitized) return;
  const SlowBanditResult slow = slow_bandits(bandit, slow_replications, seed++);
  const Value regret = fast.value("effect", "it", "regret");
  CAPTURE(regret.value, slow.regret.mean(), regret.mcse, slow.regret.error());
  CHECK(std::fabs(regret.value - slow.regret.mean()) <=
        4 * std::hypot(regret.mcse, slow.regret.error()) + 1e-9);
  const Value correct = fast.value("effect", "it", "correct_rate");
  CAPTURE(correct.value, slow.correct.mean(), correct.mcse, slow.correct.error());
  CHECK(std::fabs(correct.value - slow.correct.mean()) <=
        4 * std::hypot(correct.mcse, slow.correct.error()) + 1e-9);
  for (std::size_t a = 0; a < bandit.means.size(); ++a) {
    if (slow.arm_mean[a].count < 1000) continue;
    const Value bias = fast.value("effect", "it", "arm_mean_bias", std::to_string(a));
    const double expected = slow.arm_mean[a].mean() - bandit.means[a];
    CAPTURE(a, bias.value, expected, bias.mcse, slow.arm_mean[a].error());
    CHECK(std::fabs(bias.value - expected) <= 4 * std::hypot(bias.mcse, slow.arm_mean[a].error()) + 1e-9);
  }
}

struct Player {
  const char* policy;
  std::map<std::string, double> parameters;
  const char* keys;
};

const Player kPlayers[] = {
    {"epsilon_greedy", {{"epsilon", 0}}, R"(, "epsilon": 0)"},
    {"epsilon_greedy", {{"epsilon", 0.2}}, R"(, "epsilon": 0.2)"},
    {"epsilon_decreasing", {{"c", 2}, {"d", 0.5}}, R"(, "c": 2, "d": 0.5)"},
    {"explore_then_commit", {{"m", 5}}, R"(, "m": 5)"},
    {"softmax", {{"temperature", 0.1}}, R"(, "temperature": 0.1)"},
    {"ucb1", {}, ""},
    {"ucb_tuned", {}, ""},
    {"kl_ucb", {}, ""},
    {"moss", {}, ""},
    {"bayes_ucb", {}, ""},
    {"thompson", {}, ""},
    {"top_two_thompson", {{"beta", 0.5}}, R"(, "beta": 0.5)"},
    {"exp3", {{"gamma", 0.2}}, R"(, "gamma": 0.2)"},
    {"discounted_thompson", {{"discount", 0.95}}, R"(, "discount": 0.95)"},
    {"sliding_window_ucb", {{"window", 20}}, R"(, "window": 20)"},
    {"tutorial_greedy", {}, ""},
};

SlowBandit world_of(const Player& player, std::vector<double> means) {
  SlowBandit bandit{.policy = player.policy, .parameters = player.parameters};
  bandit.means = std::move(means);
  bandit.users = 60;
  return bandit;
}

TEST_CASE("bandits: every policy plays as the slow one does, two and three arms", "[engine][bandits]") {
  for (const Player& player : kPlayers) {
    duel(world_of(player, {0.4, 0.6}), player.keys);
    // A second draw that differs from the first takes the slow one many attempts.
    const bool is_slow = player.policy == std::string("top_two_thompson");
    duel(world_of(player, {0.7, 0.2, 0.55}), player.keys, is_slow ? kSlow / 8 : kSlow);
  }
}

TEST_CASE("bandits: rounds of several users freeze what is known", "[engine][bandits]") {
  for (const Player& player : kPlayers) {
    SlowBandit bandit = world_of(player, {0.3, 0.6, 0.5});
    bandit.round = 7;
    duel(bandit, player.keys);
  }
}

TEST_CASE("bandits: top-two tries the runners-up as the slow one does when the best is all but certain",
          "[engine][bandits]") {
  SlowBandit bandit{.policy = "top_two_thompson", .parameters = {{"beta", 0.3}}};
  bandit.means = {0.3, 0.75, 0.45};
  bandit.users = 45;
  for (const i64 round : {1, 15}) {
    bandit.round = round;
    duel(bandit, R"(, "beta": 0.3)", kSlow / 4);
  }
}

TEST_CASE("bandits: exp3 weighs rewards by the chances that users had, floor and burn-in included",
          "[engine][bandits]") {
  // By its own chances alone it would lose 4 of 117 conversions more or less, twenty times the error.
  SlowBandit bandit{.policy = "exp3", .parameters = {{"gamma", 0.3}}, .means = {0.3, 0.8, 0.5}};
  bandit.users = 200;
  bandit.floor = 0.2;
  bandit.burn_in = 8;
  for (const i64 round : {1, 10}) {
    bandit.round = round;
    duel(bandit, R"(, "gamma": 0.3)");
  }
}

TEST_CASE("bandits: looks that cut a round tell nothing before its end", "[engine][bandits]") {
  for (const Player& player : kPlayers) {
    const auto run = [&](const char* looks) {
      return rehearse(fmt::format(
          R"({{"windtunnel": 1, "replications": {}, "null_twin": false,
              "world": {{"arms": 3, "traffic": {{"users_per_day": 120, "days": 1}},
                         "outcome": {{"type": "bernoulli", "rate": [0.1, 0.5, 0.9]}}}},
              "strategies": {{"it": {{"rule": "fixed_horizon", "looks": {},
                                      "policy": {{"type": "{}"{}, "rounds": {{"at_users": [20, 120]}}}}}}}}}})",
          comparable(3000), looks, player.policy, player.keys));
    };
    INFO(player.policy << player.keys);
    check_same_law(run(R"({"every_users": 10})").result, run(R"({"at_users": [120]})").result, {},
                   {"stop_by_look", "arm_share", "regret_curve"});  // interpolated between steps
  }
}

TEST_CASE("bandits: floor, burn-in and outcomes of which fewer are better", "[engine][bandits]") {
  for (const Player& player : kPlayers) {
    SlowBandit bandit = world_of(player, {0.3, 0.6});
    bandit.floor = 0.1;
    bandit.burn_in = 3;
    bandit.lower = true;
    duel(bandit, player.keys);
    bandit.round = 11;
    duel(bandit, player.keys);
  }
}

TEST_CASE("bandits: normal outcomes and counts", "[engine][bandits]") {
  const std::string model =
      R"(, "model": {"type": "normal", "observation_sd": 1, "prior_mean": 0.5, "prior_sd": 2})";
  const std::string gamma = R"(, "model": {"type": "gamma_poisson", "shape": 2, "rate": 1})";
  for (const bool lower : {false, true}) {
    for (const i64 round : {1, 9}) {
      SlowBandit bandit{.policy = "thompson",
                        .parameters = {{"observation_sd", 1}, {"prior_mean", 0.5}, {"prior_sd", 2}},
                        .means = {0.1, 0.6, 0.3},
                        .sd = 1,
                        .lower = lower,
                        .users = 60,
                        .round = round};
      duel(bandit, model);
      SlowBandit counts{.policy = "thompson",
                        .parameters = {{"shape", 2}, {"rate", 1}},
                        .means = {1, 1.6},
                        .poisson = true,
                        .lower = lower,
                        .users = 60,
                        .round = round};
      duel(counts, gamma);
      for (const char* policy : {"epsilon_greedy", "tutorial_greedy"}) {
        bandit.policy = policy;
        duel(bandit);
      }
      bandit.parameters = {{"scale", 2}};
      bandit.policy = "ucb1";
      duel(bandit, R"(, "scale": 2)");
    }
  }
}

TEST_CASE("bandits: many users at once are divided by the probabilities of being the best",
          "[engine][bandits]") {
  SlowBandit bandit{.policy = "thompson", .means = {0.5, 0.53}, .users = 2200, .round = 1100};
  duel(bandit, "", 600);
  bandit.means = {0.5, 0.53, 0.51};
  duel(bandit, "", 600);
}

/// The bytes of a tally do not depend on how lanes are gathered into blocks.
TEST_CASE("bandits: blocks of any size give the same numbers", "[engine][bandits]") {
  for (const Player& player : kPlayers) {
    std::string strategies;
    for (const char* rounds :
         {R"({"every_users": 1})", R"({"every_users": 1, "from": 10})", R"({"every_users": 6})"})
      strategies += fmt::format(
          R"({}"{}": {{"rule": "naive_peeking", "looks": {{"every_users": 10}},
                       "policy": {{"type": "{}"{}, "rounds": {}, "floor": 0.05}}}})",
          strategies.empty() ? "" : ", ", strategies.size(), player.policy, player.keys, rounds);
    const std::string scenario = fmt::format(
        R"({{"windtunnel": 1, "replications": 110, "world": {{"arms": 3,
            "traffic": {{"users_per_day": 12, "days": 3, "rollout_days": 1}},
            "outcome": {{"type": "bernoulli", "rate": 0.3}}, "effect": {{"relative": [0.5, 1]}},
            "features": {{"novelty": {{"relative": 0.4, "half_life_days": 1}}}}}}, "strategies": {{{}}}}})",
        strategies);
    INFO(player.policy << player.keys);
    if (kSanitized && (&player - kPlayers) % 2 == 1) continue;
    const Rehearsal whole = rehearse(scenario);
    for (const int block : {32, 100})
      CHECK(rehearse(scenario, {.block_size = block}).progress.tallies == whole.progress.tallies);
  }
}

TEST_CASE("bandits: shares of the users and their value, rollout included", "[engine][bandits]") {
  const Rehearsal run = rehearse(fmt::format(
      R"({{"windtunnel": 1, "replications": {}, "null_twin": false,
          "world": {{"traffic": {{"users_per_day": 30, "days": 1, "rollout_days": 1}},
                     "outcome": {{"type": "bernoulli", "rate": [0.4, 0.7]}}}},
          "strategies": {{"ucb": {{"policy": "ucb1"}},
                          "stops": {{"policy": "ucb1", "rule": "naive_peeking", "looks": {{"every_users": 5}}}},
                          "batch": {{"policy": {{"type": "thompson", "rounds": {{"every_users": 7}}}}}}}}}})",
      affordable(20'000)));
  for (const char* name : {"ucb", "stops", "batch"}) {
    CAPTURE(name);
    const double share0 = run.value("effect", name, "arm_share", "60/0").value;
    const double share1 = run.value("effect", name, "arm_share", "60/1").value;
    CHECK(share0 + share1 == Approx(1).epsilon(1e-9));
    CHECK(run.value("effect", name, "best_arm_share").value == Approx(share1).epsilon(1e-9));
    CHECK(run.value("effect", name, "regret").value == Approx(0.3 * 60 * share0).epsilon(1e-9));
    CHECK(run.value("effect", name, "total_value").value ==
          Approx(60 * (0.4 * share0 + 0.7 * share1)).epsilon(1e-9));
    const double third = run.value("effect", name, "arm_share", "20/0").value;
    CHECK(run.value("effect", name, "regret_curve", "20").value == Approx(0.3 * 20 * third).epsilon(1e-9));
  }
  CHECK(run.value("effect", "ucb", "arm_share", "1/0").value == 1);  // the first user gets arm 0
  CHECK(run.value("effect", "ucb", "arm_share", "2/1").value == 0.5);
}

TEST_CASE("bandits: what a policy cannot work with is refused with a sentence", "[engine][bandits]") {
  const auto problem = [](const std::string& outcome, const std::string& policy) -> std::string {
    try {
      rehearse(fmt::format(
          R"({{"windtunnel": 1, "replications": 10, "world": {{"traffic": {{"users_per_day": 20, "days": 1}},
              "outcome": {{{}}}}}, "strategies": {{"it": {{"policy": {}}}}}}})",
          outcome, policy));
    } catch (const InputError& error) {
      return error.problems()[0].where + ": " + error.problems()[0].message;
    }
    return "";
  };
  const std::string normal = R"("type": "normal", "mean": 0, "sd": 1)",
                    coin = R"("type": "bernoulli", "rate": 0.5)";
  const std::string place = "/strategies/it/policy: policy ";
  CHECK(problem(normal, R"("thompson")") ==
        place +
            "thompson needs a \"model\" of outcomes other than 0 and 1 (sums over visits or requests, too), "
            "such as {\"type\": \"normal\", ...}");
  CHECK(problem(coin, R"({"type": "thompson", "model": {"type": "gamma_poisson", "shape": 1, "rate": 1}})") ==
        place + "thompson has a \"model\" for other outcomes: those of 0 and 1 are beta");
  CHECK(
      problem(normal, R"({"type": "thompson", "model": {"type": "gamma_poisson", "shape": 1, "rate": 1}})") ==
      place + "thompson has a \"model\" of counts, but these outcomes can be negative");
  CHECK(problem(normal, R"("ucb1")") ==
        place + "ucb1 is made for outcomes between 0 and 1: others need \"scale\", the width of their range");
  for (const char* policy : {R"("ucb1")", R"("ucb_tuned")", R"("moss")", R"({"type": "exp3", "gamma": 0.1})",
                             R"({"type": "sliding_window_ucb", "window": 9})"})
    CHECK(problem(R"("type": "beta", "mean": 0.4, "concentration": 3)", policy).empty());
  CHECK(problem(R"("type": "revenue", "payer_rate": 0.5, "log_mean": -2, "log_sd": 1)", R"("ucb1")") != "");
  CHECK(problem(normal, R"("kl_ucb")") ==
        place + "kl_ucb is made for outcomes of 0 and 1, as bernoulli gives");
  CHECK(problem(coin, R"({"type": "ucb1", "floor": 0.5})").empty());
  CHECK(problem(coin, R"({"type": "ucb1", "floor": 0.5, "epsilon": 1})") != "");
  CHECK(problem(coin, R"({"type": "fixed_split", "floor": 0.1})") != "");
  CHECK(problem(normal,
                R"({"type": "thompson", "model": {"type": "normal", "observation_sd": 1, "prior_sd": 1}})") ==
        "/strategies/it/policy/model/prior_mean: required but missing: the model has no default for it");
}

}  // namespace
}  // namespace windtunnel

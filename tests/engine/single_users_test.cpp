#include <cmath>

#include "support/rehearsal.hpp"
#include "support/same_law.hpp"
#include "support/trial.hpp"

/// Single users of policies that learn: the j-th pull of an arm has one outcome whoever pulls it, and the law
/// of users drawn one by one.
namespace windtunnel {
namespace {

/// Two policies that learn after every user and can work with any outcome.
Trial trial_of(const RegistryRow<Outcome>& outcome) {
  const Json pool = parameters(is_binary(outcome));
  Trial trial;
  trial.outcome = typed(outcome, pool, "type");
  trial.lift = outcome.make()->takes_absolute_lifts() ? "absolute" : "relative";
  trial.effect = {{trial.lift, 0.3}};
  trial.policy = {{"type", "epsilon_greedy"}, {"epsilon", 0.1}};
  trial.strategies = {
      {"greedy", {{"rule", "ship_leader"}}},
      {"softmax", {{"rule", "ship_leader"}, {"policy", {{"type", "softmax"}, {"temperature", 0.2}}}}}};
  return trial;
}

TEST_CASE("single users: policies that see the same pulls differ by little", "[engine]") {
  for (const auto& outcome : registry().outcomes) {
    INFO(outcome.name);
    Trial trial = trial_of(outcome);
    trial.users = 200;
    trial.replications = affordable(4'000);
    const Rehearsal run = trial.run();
    const double independent = std::hypot(run.value("effect", "greedy", "regret").mcse,
                                          run.value("effect", "softmax", "regret").mcse);
    int found = 0;
    for (const PairedDifference& pair : run.result.cells.back().pairs) {
      if (pair.measure != "regret") continue;
      ++found;
      const double paired = pair.value.mcse;
      CAPTURE(paired, independent);
      CHECK(paired > 0);
      CHECK((kSanitized || paired < 0.95 * independent));  // their ratio is known to 0.02
      CHECK(pair.variance_ratio.value() == Approx(paired * paired / (independent * independent)));
    }
    CHECK(found == 1);
  }
}

TEST_CASE("single users: pulls share the law of users one by one, also when means change", "[engine]") {
  for (const auto& outcome : registry().outcomes) {
    INFO(outcome.name);
    Trial trial = trial_of(outcome);
    trial.days = 3;
    trial.users = 25;
    trial.replications = comparable(4'000);
    for (auto& strategy : trial.strategies) strategy["rule"] = "naive_peeking";
    trial.features = {{"novelty", {{"relative", 0.5}, {"half_life_days", 1}}}};
    const std::string text = trial.document().dump();
    const Rehearsal pulls = rehearse(text), users = rehearse(text, {.path = Path::users});
    CHECK_FALSE(pulls.progress.tallies == users.progress.tallies);
    check_same_law(pulls.result, users.result);
  }
}

TEST_CASE("single users: drawn effects and blocks of any size", "[engine]") {
  for (const auto& outcome : registry().outcomes) {
    INFO(outcome.name);
    Trial trial = trial_of(outcome);
    trial.effect = {{trial.lift, {{"type", "normal"}, {"mean", 0.2}, {"sd", 0.1}, {"min", 0}, {"max", 0.4}}}};
    trial.replications = affordable(4'000);
    const std::string text = trial.document().dump();
    const Rehearsal whole = rehearse(text);
    check_same_law(whole.result, rehearse(text, {.path = Path::users}).result);
    for (const int block : {32, 100})
      CHECK(rehearse(text, {.block_size = block}).progress.tallies == whole.progress.tallies);
  }
}

TEST_CASE("single users: blocks are as small as what pulls and policies keep demands", "[engine]") {
  const auto compiled = [](const char* outcome, int arms, const Json& policy) {
    Trial trial;
    trial.outcome = {{"type", outcome}, {"mean", 0.5}};
    if (outcome == std::string("bernoulli")) trial.outcome = {{"type", outcome}, {"rate", 0.5}};
    trial.arms = arms;
    trial.users = 1e6;
    trial.looks = {{"every_users", 1e6}};
    trial.policy = policy;
    trial.strategies["s"]["rule"] = "ship_leader";
    return compile(trial.scenario(), registry());
  };
  const auto bytes = [&](const char* outcome, int arms, const Json& policy) {
    const Study study = compiled(outcome, arms, policy);
    return study.experiments[0]->block_bytes() / study.experiments[0]->block_size();
  };
  const Json greedy = {{"type", "epsilon_greedy"}},
             in_rounds = {{"type", "epsilon_greedy"}, {"rounds", {{"every_users", 100}}}};
  // A tape: 64 outcomes of eight bytes and its number.
  CHECK(bytes("poisson", 10, greedy) == Approx(10 * 516));
  CHECK(bytes("poisson", 10, in_rounds) == 0);
  CHECK(bytes("bernoulli", 10, greedy) == 0);
  CHECK(compiled("poisson", 1000, greedy).experiments[0]->block_size() == 64);
  // A window: of every round 16 bytes for the only arm that had a user, or for every arm.
  const auto window = [](const Json& rounds) {
    return Json{{"type", "sliding_window_ucb"}, {"window", 10'000}, {"rounds", {{"every_users", rounds}}}};
  };
  CHECK(bytes("bernoulli", 100, window(1)) == Approx(16 * 10'001.0));
  CHECK(bytes("bernoulli", 100, window(100)) == Approx(16 * 100 * 101.0));
  for (const int every : {1, 2}) {
    const Study study = compiled("bernoulli", 100, window(every));
    CHECK(study.experiments[0]->block_bytes() <= 256e6);
    CHECK(study.experiments[0]->block_size() >= 16);
  }
}

TEST_CASE("single users: policies that depend on the plan are planned for their own days",
          "[engine][bandits]") {
  for (const char* keys : {R"("type": "moss")", R"("type": "bayes_ucb", "c": 3)"}) {
    const auto world = [&](int days, const std::string& strategies) {
      return rehearse(fmt::format(R"({{"windtunnel": 1, "replications": 200, "null_twin": false,
          "world": {{"traffic": {{"users_per_day": 40, "days": {}}}, "outcome": {{"type": "bernoulli", "rate": [0.4, 0.5]}}}},
          "strategies": {{{}}}}})",
                                  days, strategies));
    };
    const std::string policy = fmt::format(R"("policy": {{{}}})", keys);
    const Rehearsal both = world(5, fmt::format(R"("long": {{{0}}}, "short": {{{0}, "days": 2}})", policy));
    const Rehearsal alone = world(2, fmt::format(R"("short": {{{}}})", policy));
    CHECK(both.value("effect", "short", "arm_mean_bias", "1").value ==
          alone.value("effect", "short", "arm_mean_bias", "1").value);
  }
}

}  // namespace
}  // namespace windtunnel

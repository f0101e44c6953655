#include "windtunnel/engine/exact_bandit.hpp"

#include <fmt/format.h>

#include <cmath>

#include "support/catch.hpp"
#include "support/references.hpp"
#include "support/rehearsal.hpp"
#include "support/trial.hpp"

/// Dynamic programming over all totals, with the policies that simulations play.
namespace windtunnel {
namespace {

std::unique_ptr<Policy> policy_of(const std::string& name, const std::string& keys = "{}") {
  for (const auto& row : registry().policies)
    if (row.name == name) return leaf_with(row, Json::parse(keys));
  return nullptr;
}

TEST_CASE("exact: regret of two arms", "[engine][bandits]") {
  const std::pair<const char*, std::unique_ptr<Policy>> policies[] = {
      {"greedy", policy_of("epsilon_greedy", R"({"epsilon": 0})")},
      {"eps", policy_of("epsilon_greedy", R"({"epsilon": 0.1})")},
      {"ucb1", policy_of("ucb1")},
      {"ts", policy_of("thompson")}};
  for (const auto& [rates, arms] : {std::pair<const char*, std::array<double, 2>>{".5,.6", {0.5, 0.6}},
                                    std::pair<const char*, std::array<double, 2>>{".9,.6", {0.9, 0.6}}})
    for (const auto& [name, policy] : policies) {
      const Reference known = reference(fmt::format("BD-{}-{}", name, rates));
      const int most = kSanitized ? 20 : 100;
      const ExactBandit exact = exact_bandit(*policy, arms, most);
      for (std::size_t i = 0; i < known.size(); ++i) {
        CAPTURE(name, rates, i);
        const auto users = known.params["T"][i].get<std::size_t>();
        if (users > static_cast<std::size_t>(most)) continue;
        const double regret = exact.regret[users];
        CHECK(std::fabs(regret - known.value(i)) <= known.tol());
      }
    }
}

TEST_CASE("exact: means of a bandit's arms are biased", "[engine][bandits]") {
  const Reference known = reference("BD-infer-null");
  const std::pair<std::size_t, std::unique_ptr<Policy>> policies[] = {
      {0, policy_of("thompson")},
      {1, policy_of("ucb1")},
      {2, policy_of("epsilon_greedy", R"({"epsilon": 0.1})")}};
  for (const auto& [i, policy] : policies)
    if (!kSanitized || i == 2)  // four million states for each
      CHECK(std::fabs(exact_bandit(*policy, {0.5, 0.5}, 100).arm_mean[0] - known.value(i)) <= known.tol());
}

TEST_CASE("exact: what no policy can exceed", "[engine][bandits]") {
  const Reference known = reference("BD-bayesopt");
  for (std::size_t i = 0; i < known.size(); ++i) {
    const int users = known.params["T"][i];
    CHECK(std::fabs(bayes_optimal_successes(users) - known.value(i)) <= known.tol());
  }
}

TEST_CASE("exact: simulations of every policy that forgets the order agree", "[engine][bandits]") {
  int compared = 0;
  for (const auto& row : registry().policies) {
    const std::string name = row.name;
    const std::string keys = name == "epsilon_decreasing" ? R"({"c": 1, "d": 0.5})"
                             : name == "softmax"          ? R"({"temperature": 0.2})"
                                                          : "{}";
    const auto policy = policy_of(name, keys);
    if (policy->learning() == nullptr || !policy->forgets_order()) continue;
    const int users = name == "bayes_ucb" ? 20 : 40;
    Json typed = Json::parse(keys);
    typed["type"] = name;
    const Rehearsal run = rehearse(fmt::format(
        R"({{"windtunnel": 1, "replications": {}, "null_twin": false,
            "world": {{"traffic": {{"users_per_day": {}, "days": 1}},
                       "outcome": {{"type": "bernoulli", "rate": [0.45, 0.6]}}}},
            "strategies": {{"it": {{"policy": {}}}}}}})",
        affordable(100'000), users, typed.dump()));
    const Value regret = run.value("effect", "it", "regret");
    const double exact = exact_bandit(*policy, {0.45, 0.6}, users).regret.back();
    CAPTURE(name, regret.value, exact, regret.mcse);
    CHECK(std::fabs(regret.value - exact) <= 4 * regret.mcse);
    ++compared;
  }
  CHECK(compared == 11);
}

}  // namespace
}  // namespace windtunnel

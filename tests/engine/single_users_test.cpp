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
    trial.replications = affordable(4'000);
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

}  // namespace
}  // namespace windtunnel

#include <cmath>

#include "support/catch.hpp"
#include "support/sound.hpp"
#include "support/trial.hpp"
#include "windtunnel/core/error.hpp"

/// What every outcome, policy, rule and test must stand.
namespace windtunnel {
namespace {

TEST_CASE("conformance: every outcome and policy with every rule and test", "[engine]") {
  for_all_worlds([](Trial trial) {
    const bool learns = trial.policy["type"] != "fixed_split";
    trial.replications = learns ? 40 : 100;
    for (int arms = learns ? 3 : 2; arms <= 3; ++arms) {
      trial.arms = arms;
      const Json drawn = {{"type", "normal"}, {"mean", 0}, {"sd", 0.1}, {"min", -0.2}, {"max", 0.5}};
      for (const Json& effect : {Json(), Json{{trial.lift, 0.3}}, Json{{trial.lift, drawn}}}) {
        trial.effect = effect;
        check_sound(trial.run());
      }
    }
  });
}

/// The only thing that is wrong with a scenario, if anything is.
std::optional<Problem> problem_of(const Trial& trial) {
  try {
    compile(trial.scenario(), registry());
  } catch (const InputError& error) {
    REQUIRE(error.problems().size() == 1);
    return error.problems()[0];
  }
  return std::nullopt;
}

TEST_CASE("conformance: every rule takes every test, unless it is given what a test estimates", "[engine]") {
  for (const auto& outcome : registry().outcomes)
    for (const auto& rule : registry().rules)
      for (const auto& test : registry().analyses)
        for (const Json& variance : {Json("plug_in"), Json(0.5)}) {
          if (!is_affordable(index_of(registry().rules, rule), index_of(registry().analyses, test))) continue;
          Json pool = parameters(is_binary(outcome));
          pool["variance"] = variance;
          Json strategy = typed(rule, pool, "rule");
          strategy["test"] = typed(test, pool, "type");
          Trial trial;
          trial.outcome = typed(outcome, pool, "type");
          trial.policy = "fixed_split";
          trial.strategies = {{"only", strategy}};
          INFO(outcome.name << ", " << rule.name << ", " << test.name << ", " << variance);
          const bool is_given = strategy.value("variance", Json("plug_in")) != "plug_in";
          const auto problem = problem_of(trial);
          REQUIRE(problem.has_value() == is_given);
          if (!is_given) continue;
          CHECK(problem->where == "/strategies/only/test");
          CHECK(
              problem->message ==
              fmt::format("rule {} is given its \"variance\", so no test can estimate it (needs \"plug_in\", "
                          "or no test)",
                          rule.name));
        }
}

/// Says of every call whether it rests on both arms.
class EvidenceWatcher final : public Recorder {
 public:
  explicit EvidenceWatcher(const Experiment& experiment) : experiment_(experiment) {}

  void looked(int strategy, int, const Observed& observed, const Evidence&, const Calls& calls) override {
    const bool tests = experiment_.strategies()[static_cast<std::size_t>(strategy)].tests;
    for (int h = 0; h < calls.rows(); ++h)
      for (int l = 0; l < calls.lanes(); ++l) {
        const bool is_empty = observed.users.row(0)[l] == 0 || observed.users.row(h + 1)[l] == 0;
        empty_arms += is_empty ? 1 : 0;
        const i32 call = calls.row(h)[l];
        if (is_empty && tests) unfounded += call != kGoOn ? 1 : 0;
        if (observed.users.row(h + 1)[l] == 0) unfounded += call == kLead ? 1 : 0;
      }
  }
  void ended(i64, std::span<const Endings* const>, const Truth&) override {}

  i64 empty_arms = 0, unfounded = 0;

 private:
  const Experiment& experiment_;
};

TEST_CASE("conformance: empty arms are no evidence", "[engine]") {
  for_all_worlds([](Trial trial) {
    trial.arms = 3;
    trial.replications = 100;
    for (double users : {1, 2, 3}) {
      if (kSanitized && users == 2) continue;
      trial.users = users;
      trial.looks = {{"every_users", 1}};
      check_sound(trial.run());
      const Study study = compile(trial.scenario(), registry());
      EvidenceWatcher watcher(*study.experiments[0]);
      Tally tally = study.experiments[0]->empty_tally();
      study.experiments[0]->run({0, 300}, tally, &watcher);
      CHECK(watcher.empty_arms > 0);
      CHECK(watcher.unfounded == 0);
    }
  });
}

TEST_CASE("conformance: looks after every user of tiny experiments", "[engine]") {
  for_all_worlds([](Trial trial) {
    trial.looks = {{"every_users", 1}};
    trial.replications = 100;
    for (double users : {1, 2, 5, 8}) {
      if (kSanitized && users > 2) continue;
      trial.users = users;
      check_sound(trial.run());
    }
  });
}

TEST_CASE("conformance: outcomes without variance never reject", "[engine]") {
  const double rate = GENERATE(0.0, 1.0);
  for (const char* assignment : {"balanced", "bernoulli"}) {
    Trial trial;
    trial.outcome = {{"type", "bernoulli"}, {"rate", rate}};
    if (rate == 0) trial.effect = {{"relative", 0.5}};  // half of nothing
    trial.policy = {{"type", "fixed_split"}, {"assignment", assignment}};
    trial.strategies = all_strategies(parameters(true), Json::object());
    const Rehearsal run = trial.run();
    check_sound(run);
    for (const auto& experiment : run.study.experiments) CHECK(experiment->settings()[0].all_means_equal);
    for (const MeasuredCell& cell : run.result.cells)
      for (std::size_t s = 0; s < cell.strategies.size(); ++s) {
        const int strategy = static_cast<int>(s);
        const auto& names = run.scenario.grid[0].strategies;
        INFO(names[s].name);
        if (names[s].rule->tests()) {
          CHECK(find_value(cell, strategy, "rejection_rate")->value == 0);
          CHECK(find_value(cell, strategy, "undecided_rate")->value == 1);
        }
        for (const MeasureValues& measured : cell.strategies[s])
          if (measured.measure == "regret_curve" || measured.measure == "regret")
            for (const Value& value : measured.values) CHECK(value.value == 0);
      }
  }
}

TEST_CASE("conformance: wide levels", "[engine]") {
  for (double alpha : {0.3, 0.7, 0.95})
    for (const char* alternative : {"one_sided", "two_sided"}) {
      Json pool = parameters(true);
      pool["alpha"] = alpha;
      pool["power"] = 0.99;
      pool["alternative"] = alternative;
      Trial trial;
      trial.outcome = {{"type", "bernoulli"}, {"rate", 0.4}};
      trial.policy = "fixed_split";
      trial.strategies = all_strategies(pool, Json::object());
      trial.replications = affordable(8'000);
      CAPTURE(alpha, alternative);
      const Rehearsal run = trial.run();
      check_sound(run);
      // A discrete test of 30 against 30 users: its size is near alpha, not equal.
      const Value seen = run.value("null", "fixed_horizon z_unpooled", "rejection_rate");
      CHECK(agrees(seen, alpha, 0.06));
    }
}

}  // namespace
}  // namespace windtunnel

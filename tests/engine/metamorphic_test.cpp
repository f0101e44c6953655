#include "support/catch.hpp"
#include "support/same_law.hpp"
#include "support/trial.hpp"

/// Changes of a scenario that must not change its results, or in a known way.
namespace windtunnel {
namespace {

TEST_CASE("metamorphic: names of arms do not matter", "[engine]") {
  for_all_worlds([](Trial trial) {
    if (trial.policy["type"] != "fixed_split") return;  // others give the first users the arms in order
    trial.arms = 3;
    trial.replications = comparable(2000);
    trial.users = 450;  // so many that arms are not level, for then the lower index would lead
    trial.looks = {{"every_users", 150}};
    // Quantiles of counts are whole numbers, which are level all the same; ranks and resamples take minutes.
    for (const char* test : {"quantile", "mann_whitney", "bootstrap"})
      trial.strategies = without_test(trial.strategies, test);
    trial.effect = {{trial.lift, {0.25, -0.1}}};
    const Rehearsal first = trial.run();
    trial.effect = {{trial.lift, {-0.1, 0.25}}};
    // The order of the per-arm values is all that changes.
    check_same_law(first.result, trial.run().result, {}, {"arm_mean_bias"});
  });
}

TEST_CASE("metamorphic: sizes of effect by name are those by place", "[engine]") {
  // In the file red comes first, among the arms blue.
  const Rehearsal run = rehearse(R"({"windtunnel": 1, "replications": 2000, "world": {
      "arms": ["control", "blue", "red"], "traffic": {"users_per_day": 900, "days": 5},
      "outcome": {"type": "bernoulli", "rate": 0.1}, "effect": {"absolute": {"red": 0.05}}},
      "defaults": {"baseline": 0.1, "looks": {"every_days": 1}},
      "strategies": {
        "sprt, by name": {"rule": "sprt", "mde": {"absolute": {"red": 0.06, "blue": 0.02}}},
        "sprt, by place": {"rule": "sprt", "mde": {"relative": [0.2, 0.6]}},
        "sprt, swapped": {"rule": "sprt", "mde": {"relative": [0.6, 0.2]}},
        "msprt, by name": {"rule": "msprt", "mixing_sd": {"absolute": {"red": 0.06, "blue": 0.002}}},
        "msprt, by place": {"rule": "msprt", "mde": {"relative": [0.02, 0.6]}},
        "msprt, swapped": {"rule": "msprt", "mde": {"relative": [0.6, 0.02]}}}})");
  for (const std::string rule : {"sprt", "msprt"})
    for (const char* measure : {"ship_rate", "keep_rate", "mean_users", "coverage"}) {
      CAPTURE(rule, measure);
      const double by_place = run.value("effect", rule + ", by place", measure).value;
      CHECK(run.value("effect", rule + ", by name", measure).value == by_place);
      if (std::string(measure) == "mean_users")
        CHECK(run.value("effect", rule + ", swapped", measure).value > 1.1 * by_place);
    }
}

TEST_CASE("metamorphic: the unit of measurement does not matter", "[engine]") {
  const auto trial_of = [](double scale) {
    const Json pool = parameters(false, scale);
    Trial trial;
    trial.outcome = {{"type", "normal"}, {"mean", scale}, {"sd", 1.5 * scale}};
    trial.effect = {{"absolute", 0.5 * scale}};
    trial.policy = "fixed_split";
    trial.strategies = all_strategies(pool, Json::object());
    for (const auto& test : registry().analyses)
      for (const auto& [name, strategy] : trial.strategies.items())
        if (name.ends_with(std::string(" ") + test.name) && strategy.contains("mde") &&
            test.make()->estimand().kind == Estimand::Kind::ranks)
          strategy["mde"] = parameters(false)["mde"];  // ranks have no unit
    trial.replications = affordable(2000);
    return trial.run();
  };
  const Rehearsal one = trial_of(1), eight = trial_of(8), ten = trial_of(10);
  for (std::size_t c = 0; c < one.result.cells.size(); ++c)
    for (std::size_t s = 0; s < one.result.cells[c].strategies.size(); ++s)
      for (const char* measure :
           {"rejection_rate", "ship_rate", "keep_rate", "mean_users", "coverage", "regret"}) {
        const auto of = [&](const Rehearsal& run) {
          return find_value(run.result.cells[c], static_cast<int>(s), measure);
        };
        INFO(one.scenario.grid[0].strategies[s].name << " " << measure);
        REQUIRE(of(one)->absent == of(ten)->absent);
        if (!of(one)->absent.empty()) continue;
        const bool is_length = std::string(measure) == "regret";
        // Eight is a power of two: not a bit of a mantissa changes. Ten rounds, which may tip a replication.
        CHECK(of(eight)->value == of(one)->value * (is_length ? 8 : 1));
        CHECK(of(ten)->value / (is_length ? 10 : 1) == Approx(of(one)->value).epsilon(2e-3).margin(1e-3));
      }
}

TEST_CASE("metamorphic: less is better is the mirror of more is better", "[engine]") {
  const std::set<std::string> mirrored{"estimate_bias", "estimate_given_ship", "arm_mean_bias"};
  // A sample quantile is one of two neighbours: of 60 users the 30th, which in the mirror is the 31st.
  const auto strategies = [](const Json& pool) {
    return without_test(all_strategies(pool, Json::object()), "quantile");
  };
  Trial trial;
  trial.policy = "fixed_split";
  trial.replications = comparable(8000);
  trial.outcome = {{"type", "bernoulli"}, {"rate", 0.3}};
  trial.effect = {{"absolute", 0.2}};
  trial.strategies = strategies(parameters(true));
  const Rehearsal conversions = trial.run();
  trial.outcome = {{"type", "bernoulli"}, {"rate", 0.7}, {"better", "lower"}};
  trial.effect = {{"absolute", -0.2}};
  const std::set<std::string> other{
      "total_value"};  // users who do not convert are not worth less than nothing
  check_same_law(conversions.result, trial.run().result, mirrored, other);

  trial.outcome = {{"type", "normal"}, {"mean", 1}, {"sd", 1.5}};
  trial.effect = {{"absolute", 0.4}};
  Json pool = parameters(false);
  trial.strategies = strategies(pool);
  const Rehearsal sums = trial.run();
  trial.outcome = {{"type", "normal"}, {"mean", -1}, {"sd", 1.5}, {"better", "lower"}};
  trial.effect = {{"absolute", -0.4}};
  pool["prior"]["mean"] = -1;
  trial.strategies = strategies(pool);
  check_same_law(sums.result, trial.run().result, mirrored, other);
}

}  // namespace
}  // namespace windtunnel

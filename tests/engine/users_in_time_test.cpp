#include <fmt/format.h>

#include "support/catch.hpp"
#include "support/rehearsal.hpp"
#include "support/same_law.hpp"
#include "windtunnel/core/error.hpp"

/// What happens to users after the day of their exposure: outcomes that come late, users who return.
namespace windtunnel {
namespace {

constexpr const char* kBinary = R"("bernoulli", "rate": 0.3)";
constexpr const char* kNormal = R"("normal", "mean": 1, "sd": 0.8)";
constexpr const char* kCounts = R"("negative_binomial", "mean": 0.8, "dispersion": 1)";

constexpr const char* kLate = R"("delay": {"daily_probability": 0.4})";
constexpr const char* kLater = R"("delay": {"days": 2})";
constexpr const char* kReturning = R"("returning_users": {"probability": 0.4})";

constexpr const char* kTwoRules =
    R"("peeking": {"rule": "naive_peeking"}, "msprt": {"rule": "msprt", "mixing_sd": {"absolute": 0.2}})";
constexpr const char* kMatured =
    R"("all": {"rule": "naive_peeking"}, "one": {"rule": "naive_peeking", "analyse": "matured", "follow_up_days": 1},
       "two": {"rule": "msprt", "mixing_sd": {"absolute": 0.2}, "analyse": "matured", "follow_up_days": 2})";

std::string scenario(const std::string& outcome, const std::string& features, i64 replications,
                     const std::string& strategies = kTwoRules, const char* looks = R"({"every_days": 1})") {
  return fmt::format(
      R"({{"windtunnel": 1, "replications": {},
          "world": {{"traffic": {{"users_per_day": 25.5, "days": 4, "rollout_days": 3}}, "outcome": {{"type": {}}},
                     "effect": {{"relative": 0.3}}, "features": {{{}}}}},
          "defaults": {{"looks": {}}}, "strategies": {{{}}}}})",
      replications, outcome, features, looks, strategies);
}

void check_both_paths(const std::string& text) {
  const Rehearsal increments = rehearse(text, {.path = Path::increments});
  const Rehearsal users = rehearse(text, {.path = Path::users});
  CHECK_FALSE(increments.progress.tallies == users.progress.tallies);
  check_same_law(increments.result, users.result);
}

TEST_CASE("users in time: late outcomes have the same law drawn by day or by user", "[engine]") {
  const std::string more =
      R"(, "novelty": {"relative": 0.5, "half_life_days": 1.5}, "leakage": {"rate": 0.2, "direction": "two_way"})";
  for (const char* outcome : {kBinary, kNormal, kCounts})
    for (const std::string& features : {std::string(kLate), kLate + more, std::string(kLater)}) {
      CAPTURE(outcome, features);
      check_both_paths(scenario(outcome, features, comparable(10'000)));
    }
}

TEST_CASE("users in time: cohorts have the same law drawn by day or by user", "[engine]") {
  const std::string segments =
      R"(, "segments": {"a": {"share": 0.4, "rate_multiplier": 0.5}, "b": {"share": 0.6, "effect_multiplier": 2}})";
  const std::string in_a =
      std::string(kMatured) + R"(, "a": {"rule": "naive_peeking", "segment": "a", "analyse": "matured",
                                         "follow_up_days": 1},
                                   "any": {"rule": "naive_peeking", "any_segment": true, "analyse": "matured",
                                           "follow_up_days": 1})";
  for (const char* outcome : {kBinary, kNormal}) {
    CAPTURE(outcome);
    check_both_paths(scenario(outcome, kLate, comparable(10'000), kMatured));
    check_both_paths(scenario(outcome, kLater + segments, comparable(10'000), in_a));
  }
}

TEST_CASE("users in time: late company of normal outcomes has the same law drawn by day or by user",
          "[engine]") {
  const std::string company =
      R"(, "covariate": {"correlation": -0.6, "treatment_shift": 0.3},
           "metrics": {"count": 2, "correlation": 0.4, "effects": [0.5, -0.5]})";
  const char* strategies =
      R"("plain": {"rule": "naive_peeking"}, "cuped": {"rule": "naive_peeking", "adjust": "cuped"},
         "any": {"rule": "naive_peeking", "decide": "any", "correction": "holm"})";
  const std::string matured =
      std::string(strategies) +
      R"(, "matured": {"rule": "naive_peeking", "adjust": "cuped", "analyse": "matured", "follow_up_days": 1})";
  check_both_paths(scenario(kNormal, kLate + company, comparable(4000), strategies));
  check_both_paths(scenario(kNormal, kLater + company, comparable(4000), matured));
  const char* metrics = R"("any": {"rule": "naive_peeking", "decide": "any", "correction": "holm"},
                           "late": {"rule": "naive_peeking", "decide": "all", "analyse": "matured",
                                    "follow_up_days": 1, "alpha": 0.5})";
  check_both_paths(scenario(kNormal, kLate + company, comparable(4000), metrics));
}

TEST_CASE("users in time: returning users have the same law counted or one by one", "[engine]") {
  for (
      const char* more :
      {"",
       R"(, "novelty": {"relative": 0.5, "half_life_days": 1.5}, "sample_ratio_mismatch": {"shares": [2, 3]})",
       R"(, "segments": {"a": {"share": 0.3, "rate_multiplier": 0.2}, "b": {"share": 0.7}}, "leakage": {"rate": 0.2})"}) {
    CAPTURE(more);
    check_both_paths(scenario(kBinary, std::string(kReturning) + more, comparable(10'000)));
  }
  check_both_paths(scenario(
      kBinary, std::string(kReturning) + R"(, "segments": {"a": {"share": 0.3}, "b": {"share": 0.7}})",
      comparable(10'000),
      R"("a": {"rule": "naive_peeking", "segment": "a"},
                               "any": {"rule": "naive_peeking", "any_segment": true})"));
}

TEST_CASE("users in time: those without strength leave every byte alone", "[engine]") {
  for (const char* outcome : {kBinary, kNormal, kCounts}) {
    const Rehearsal without = rehearse(scenario(outcome, "", 2000));
    for (const char* feature : {R"("delay": {"daily_probability": 1})", R"("delay": {"days": 0})",
                                R"("returning_users": {"probability": 0})"}) {
      CAPTURE(outcome, feature);
      CHECK(rehearse(scenario(outcome, feature, 2000)).progress.tallies == without.progress.tallies);
    }
  }
}

TEST_CASE("users in time: whoever waits where nothing is late analyses fewer users of the same law",
          "[engine]") {
  const char* waits = R"("waits": {"rule": "fixed_horizon", "analyse": "matured", "follow_up_days": 1})";
  for (const char* outcome : {kBinary, kNormal}) {
    const Rehearsal late = rehearse(
        scenario(outcome, R"("delay": {"days": 0})", affordable(15'000), waits, R"({"at_days": [4]})"));
    // Of four days of 25 or 26 users the first three are analysed.
    const Rehearsal shorter = rehearse(
        scenario(outcome, "", affordable(15'000), R"("short": {"rule": "fixed_horizon", "days": 3})"));
    for (const char* measure : {"rejection_rate", "estimate_rmse", "coverage"}) {
      CAPTURE(outcome, measure);
      const Value x = late.value("effect", "waits", measure), y = shorter.value("effect", "short", measure);
      CHECK(std::fabs(x.value - y.value) <= 4 * std::hypot(x.mcse, y.mcse));
    }
  }
}

TEST_CASE("users in time: blocks of any size give the same tallies", "[engine]") {
  const std::string both = std::string(kLate) + ", " + kReturning;
  constexpr int kMany = kSanitized ? 230 : 700;
  for (const std::string& text : {scenario(kBinary, kLate, kMany), scenario(kNormal, kLater, kMany, kMatured),
                                  scenario(kBinary, kReturning, kMany), scenario(kCounts, kReturning, kMany),
                                  scenario(kNormal, both, kMany, kMatured), scenario(kBinary, both, kMany)})
    for (const Path path : {Path::increments, Path::users}) {
      const Rehearsal usual = rehearse(text, {.path = path});
      for (int size : {32, 100}) {
        CAPTURE(text, size);
        CHECK(rehearse(text, {.block_size = size, .path = path}).progress.tallies == usual.progress.tallies);
      }
    }
}

/// Checks, at every look of a strategy that sees everything, what parts of the data have to do with the
/// whole.
class PartsWatcher final : public Recorder {
 public:
  void looked(int strategy, int, const Observed& observed, const Evidence&, const Calls&) override {
    if (strategy != 0) return;
    check_parts(observed);
    for (const Observed& segment : observed.segments) check_parts(segment);
  }
  void ended(i64, std::span<const Endings* const>, const Truth&) override {}

  int compared = 0;

 private:
  void check_parts(const Observed& all) {
    for (int arm = 0; arm < all.arms; ++arm)
      for (int l = 0; l < all.lanes; ++l) {
        i32 users = 0, successes = 0;
        for (const Observed& cohort : all.cohorts) {
          users += cohort.users.row(arm)[l];
          successes += cohort.successes.row(arm)[l];
        }
        const Observed& known = all.known_users();
        ++compared;
        if (users != all.users.row(arm)[l] || successes != all.successes.row(arm)[l])
          FAIL("cohorts do not add up");
        if (known.users.row(arm)[l] > users || known.successes.row(arm)[l] != successes)
          FAIL("more is known");
      }
  }
};

TEST_CASE("users in time: cohorts add up to the whole, and what is known is part of it", "[engine]") {
  const std::string text =
      scenario(kBinary, kLate + std::string(R"(, "segments": {"a": {"share": 0.4}, "b": {"share": 0.6}})"),
               500, std::string(kMatured) + R"(, "a": {"rule": "naive_peeking", "segment": "a"})",
               R"({"every_users": 10})");
  const Scenario read = read_scenario(text, "test", registry());
  for (const Path path : {Path::increments, Path::users}) {
    const Study study = compile(read, registry(), {.path = path});
    PartsWatcher watcher;
    Tally tally = study.experiments[0]->empty_tally();
    study.experiments[0]->run({0, read.replications}, tally, &watcher);
    CHECK(watcher.compared > 10'000);
  }
}

TEST_CASE("users in time: values of users who return are not 0 or 1", "[engine]") {
  const auto problem_of = [](const std::string& strategy) {
    const std::string text = scenario(kBinary, kReturning, 1, R"("s": {)" + strategy + "}");
    try {
      compile(read_scenario(text, "test", registry()), registry());
    } catch (const InputError& error) {
      REQUIRE(error.problems().size() == 1);
      return error.problems()[0].where + ": " + error.problems()[0].message;
    }
    return std::string();
  };
  CHECK(problem_of(R"("rule": "probability_best")")
            .starts_with("/strategies/s/prior: required but missing: outcomes other than 0 and 1 (sums over "
                         "visits or requests, too) need a normal"));
  CHECK(problem_of(R"("rule": "sprt", "mde": {"absolute": 0.1}, "baseline": 0.3)")
            .starts_with("/strategies/s/variance: "));
  CHECK(problem_of(R"("rule": "sprt", "mde": {"absolute": 0.1}, "variance": "plug_in")").empty());
  CHECK(problem_of(R"("rule": "naive_peeking", "test": "z_pooled")").empty());
}

TEST_CASE("users in time: policies that learn wait for what is late", "[engine]") {
  const char* strategies =
      R"("daily": {"rule": "naive_peeking", "policy": {"type": "thompson", "rounds": {"every_days": 1}}},
         "always": {"policy": {"type": "epsilon_greedy", "epsilon": 0.2}}, "index": {"policy": "ucb1"},
         "window": {"policy": {"type": "sliding_window_ucb", "window": 40}}, "greedy": {"policy": "tutorial_greedy"})";
  check_both_paths(scenario(kBinary, kLate, comparable(5000), strategies));
  const char* others =
      R"("always": {"policy": {"type": "epsilon_greedy", "epsilon": 0.2}}, "greedy": {"policy": "tutorial_greedy"})";
  check_both_paths(scenario(kBinary, kReturning, comparable(5000), others));
  // Without any news every user's arm is a coin: half of the users lose .09.
  const Rehearsal blind = rehearse(
      scenario(kBinary, R"("delay": {"days": 4})", affordable(10'000), R"("blind": {"policy": "thompson"})"));
  CHECK(agrees(blind.value("effect", "blind", "regret_curve", "100"), 100 * 0.5 * 0.09, 0, 0.05));
}

TEST_CASE("users in time: nobody commits to an arm before it has reported", "[engine]") {
  const auto run = [](int per_day, int days, int late, const char* rounds) {
    return rehearse(fmt::format(
        R"({{"windtunnel": 1, "replications": {}, "null_twin": false,
            "world": {{"traffic": {{"users_per_day": {}, "days": {}}},
                       "outcome": {{"type": "bernoulli", "rate": [0.3, 0.6]}},
                       "features": {{"delay": {{"days": {}}}}}}},
            "strategies": {{"it": {{"policy": {{"type": "explore_then_commit", "m": 1{}}}}}}}}})",
        affordable(20'000), per_day, days, late, rounds));
  };
  // In turn on the first day; then, for three days, the arm with more of its five users, which is arm 0 with
  // this probability.
  const auto mass = [](int k, double p) {
    const double ways[] = {1, 5, 10, 10, 5, 1};
    return ways[k] * std::pow(p, k) * std::pow(1 - p, 5 - k);
  };
  double wrong = 0;
  for (int bad = 0; bad <= 5; ++bad)
    for (int good = 0; good <= bad; ++good)
      wrong += mass(bad, 0.3) * mass(good, 0.6) * (good == bad ? 0.5 : 1);
  for (const char* rounds : {"", R"(, "rounds": {"every_users": 5})", R"(, "rounds": {"every_days": 1})"}) {
    const Rehearsal late = run(10, 4, 1, rounds);
    CAPTURE(rounds, wrong);
    CHECK(late.value("effect", "it", "regret_curve", "10").value == Approx(10 * 0.5 * 0.3).epsilon(1e-9));
    CHECK(agrees(late.value("effect", "it", "regret"), (5 + 30 * wrong) * 0.3, 1e-9, 0.15));
  }
  // Arm 1 has not reported when arm 0 has: whatever that told, all but one user get arm 0.
  CHECK(run(1, 12, 2, "").value("effect", "it", "regret").value == Approx(11 * 0.3).epsilon(1e-9));
}

TEST_CASE("users in time: check tells how users are drawn", "[engine]") {
  const auto method = [](const char* outcome, const std::string& features) {
    const Scenario read = read_scenario(scenario(outcome, features, 1), "test", registry());
    return compile(read, registry()).experiments[0]->streams()[0].stream->method();
  };
  CHECK(method(kBinary, kLate) ==
        "increments: one binomial draw per arm and step, replication by replication, once outcomes become "
        "known: of how many, by one more binomial a day");
  CHECK(method(kBinary, kReturning)
            .ends_with("; users by the sum of their outcomes, one binomial a day for each sum"));
  CHECK(method(kNormal, kReturning) ==
        "users one by one, because users who return are told apart by the sum of their outcomes so far");
}

}  // namespace
}  // namespace windtunnel

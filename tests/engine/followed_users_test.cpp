#include <fmt/format.h>

#include <cmath>

#include "support/catch.hpp"
#include "support/rehearsal.hpp"
#include "support/same_law.hpp"

/// Analyses that follow users from the round in which they came, where what is seen of a user changes later.
namespace windtunnel {
namespace {

/// Every analysis that follows users, with some keys.
std::string followers(const std::string& keys, const std::string& prefix = "") {
  return fmt::format(
      R"("{1}ipw": {{"rule": "naive_peeking", "test": "ipw"{0}}},
         "{1}adaptive": {{"rule": "naive_peeking", "test": "adaptively_weighted"{0}}},
         "{1}batch": {{"rule": "fixed_horizon", "test": "batch_z"{0}}})",
      keys, prefix);
}

std::string scenario(const std::string& outcome, const std::string& features, const std::string& strategies,
                     i64 replications) {
  return fmt::format(
      R"({{"windtunnel": 1, "replications": {},
          "world": {{"traffic": {{"users_per_day": 30, "days": 3}}, "outcome": {{"type": {}}},
                     "effect": {{"absolute": 0.3}}, "features": {{{}}}}},
          "defaults": {{"looks": {{"every_days": 1}},
                        "policy": {{"type": "epsilon_greedy", "epsilon": 0.4, "rounds": {{"every_users": 10}}}}}},
          "strategies": {{{}}}}})",
      comparable(replications), outcome, features, strategies);
}

const char* const kNormal = R"("normal", "mean": 1, "sd": 1)";
const char* const kBernoulli = R"("bernoulli", "rate": 0.4)";
const char* const kLate = R"("delay": {"daily_probability": 0.5})";
const char* const kReturning = R"("returning_users": {"probability": 0.4})";
const char* const kSegments = R"("segments": {"a": {"share": 0.4}, "b": {"share": 0.6}})";
const char* const kClusters =
    R"("clusters": {"size": 2, "size_distribution": "one_plus_poisson", "icc": 0.4})";

/// Checks that totals and single users have the same law.
void check_paths(const std::string& outcome, const std::string& features, const std::string& keys) {
  CAPTURE(outcome, features, keys);
  const std::string text = scenario(outcome, features, followers(keys), 600);
  check_same_law(rehearse(text, {.path = Path::increments}).result,
                 rehearse(text, {.path = Path::users}).result);
}

std::string both(const char* one, const char* other) {
  return fmt::format("{}, {}", one, other);
}

TEST_CASE("followed users: late outcomes and visits, on both paths", "[engine]") {
  for (const char* outcome : {kBernoulli, kNormal}) {
    check_paths(outcome, both(kLate, kSegments), R"(, "segment": "b")");
    check_paths(outcome, kLate, R"(, "analyse": "matured", "follow_up_days": 1)");
    check_paths(outcome, both(kLate, kReturning), R"(, "analyse": "matured", "follow_up_days": 1)");
    check_paths(outcome, both(kReturning, kSegments), R"(, "any_segment": true)");
  }
}

TEST_CASE("followed users: requests and values of users, on both paths", "[engine]") {
  for (const char* outcome : {kBernoulli, kNormal}) {
    check_paths(outcome, kClusters, R"(, "unit": "user")");
    check_paths(outcome, both(kClusters, kLate), R"(, "unit": "request")");
    check_paths(outcome, both(kClusters, kLate), R"(, "unit": "user")");
    check_paths(outcome, both(kClusters, kReturning), R"(, "unit": "user")");
  }
}

TEST_CASE("followed users: adjusted and capped values, and further metrics, on both paths", "[engine]") {
  const char* const covariate = R"("covariate": {"correlation": 0.7})";
  const char* const metrics = R"("metrics": {"count": 2, "correlation": 0.5, "effects": [0.2, 0]})";
  check_paths(kNormal, covariate, R"(, "adjust": "cuped", "cap": 1.5)");
  check_paths(kNormal, both(covariate, kLate), R"(, "adjust": "cuped")");
  check_paths(kNormal, both(covariate, kReturning), R"(, "adjust": "cuped")");
  check_paths(kNormal, both(metrics, kLate), R"(, "decide": "any", "cap": {"quantile": 0.9})");
  check_paths(kNormal, both(metrics, kReturning), R"(, "decide": "all")");
}

/// Checks at every look that users are listed with the steps in which they came, which are days: outcomes of
/// day t are 10^t, so that the last digit that is not 0 of what a user's visits sum to tells its first day.
class DayTeller final : public Recorder {
 public:
  ///   cap  above which values are cut off
  explicit DayTeller(i64 cap) : cap_(cap) {}

  void looked(int, int, const Observed& seen, const Evidence&, const Calls&) override {
    for (int arm = 0; arm < seen.arms; ++arm)
      for (int l = 0; l < seen.lanes; ++l) {
        const auto &values = seen.values.at(arm, l), &steps = seen.exposures.at(arm, l);
        REQUIRE(static_cast<i32>(values.size()) == seen.users.row(arm)[l]);
        REQUIRE(steps.size() == values.size());
        for (std::size_t user = 0; user < values.size(); ++user)
          check_user(std::llround(values[user]), steps[user]);
      }
  }
  void ended(i64, std::span<const Endings* const>, const Truth&) override {}

  i64 users = 0, unreported = 0;

 private:
  void check_user(i64 value, double day) {
    const i64 of_day = std::llround(std::pow(10, day));
    ++users;
    unreported += value == 0 ? 1 : 0;
    CHECK((value == 0 || value == cap_ || value % (10 * of_day) == of_day));
    CHECK((value != cap_ || cap_ <= of_day));
  }

  i64 cap_;
};

/// Runs one strategy in a world of three days that tells days by outcomes.
DayTeller tell_days(const std::string& features, const std::string& keys, Path path, i64 cap = 1'000'000) {
  const std::string text = fmt::format(
      R"({{"windtunnel": 1, "replications": 70,
          "world": {{"traffic": {{"users_per_day": 14, "days": 3}},
                     "outcome": {{"type": "normal", "mean": [1, 1], "sd": 1e-6}},
                     "features": {{"weekday": {{"starts": "monday", "rate": [1, 10, 100, 1, 1, 1, 1]}}{}}}}},
          "strategies": {{"ipw": {{"rule": "naive_peeking", "test": "ipw", "looks": {{"every_days": 1}}{}}}}}}})",
      features, keys);
  const Scenario scenario = read_scenario(text, "test", registry());
  const Study study = compile(scenario, registry(), {.path = path});
  DayTeller teller(cap);
  Tally tally = study.experiments.back()->empty_tally();
  study.experiments.back()->run({0, scenario.replications}, tally, &teller);
  return teller;
}

TEST_CASE("followed users: each is listed with the day on which it came", "[engine]") {
  const std::string late = R"(, "delay": {"daily_probability": 0.5})",
                    segments = R"(, "segments": {"a": {"share": 0.4}, "b": {"share": 0.6}})",
                    returning = R"(, "returning_users": {"probability": 0.4})",
                    pairs = R"(, "clusters": {"size": 2, "icc": 0.3})";
  for (const Path path : {Path::increments, Path::users}) {
    CHECK(tell_days("", R"(, "cap": 1e9)", path).unreported == 0);
    tell_days("", R"(, "cap": 50)", path, 50);
    const DayTeller waiting = tell_days(late, "", path);
    CHECK(waiting.unreported > waiting.users / 10);
    CHECK(tell_days(late, R"(, "analyse": "matured", "follow_up_days": 2)", path).unreported <
          waiting.unreported / 2);
    CHECK(tell_days(returning, "", path).unreported == 0);
    tell_days(late + segments, R"(, "segment": "b")", path);
    tell_days(returning + segments, R"(, "cap": 1e9)", path);
    tell_days(pairs, R"(, "unit": "user", "cap": 1e9)", path);
    tell_days(pairs + late, R"(, "unit": "request")", path);
  }
}

TEST_CASE("followed users: blocks and threads do not change what is seen of them", "[engine]") {
  for (const std::string& features : {both(kLate, kSegments), both(kReturning, kClusters)}) {
    const std::string text = scenario(kNormal, features, followers(R"(, "cap": {"quantile": 0.9})"), 300);
    const Rehearsal whole = rehearse(text, {.block_size = 512}, {.threads = 1});
    for (const int block : {1, 64, 100})
      CHECK(rehearse(text, {.block_size = block}, {.threads = 2, .chunk = 128}).progress.tallies ==
            whole.progress.tallies);
  }
}

/// Checks that strategies whose keys change nothing that is seen decide as those without them.
void check_nothing_changes(const std::string& outcome, const std::string& features, const std::string& keys) {
  CAPTURE(outcome, features, keys);
  const Rehearsal run =
      rehearse(scenario(outcome, features, followers("") + ", " + followers(keys, "listed "), 500));
  for (const char* strategy : {"ipw", "adaptive", "batch"})
    for (const char* measure : {"rejection_rate", "estimate_bias", "coverage", "mean_users"})
      for (const char* cell : {"null", "effect"})
        CHECK(run.value(cell, std::string("listed ") + strategy, measure).value ==
              Approx(run.value(cell, strategy, measure).value).epsilon(1e-9).margin(1e-9));
}

TEST_CASE("followed users: listed ones come to what totals of steps come to", "[engine]") {
  check_nothing_changes(kNormal, "", R"(, "cap": 1e9)");
  check_nothing_changes(R"("poisson", "mean": 0.7)", "", R"(, "cap": 1e9)");
  // A delay of nothing: whoever has come has matured.
  for (const char* outcome : {kBernoulli, kNormal, R"("poisson", "mean": 0.7)"})
    check_nothing_changes(outcome, R"("delay": {"days": 0})",
                          R"(, "analyse": "matured", "follow_up_days": 0)");
  check_nothing_changes(kNormal, kSegments, R"(, "cap": 1e9)");
}

}  // namespace
}  // namespace windtunnel

#include "windtunnel/engine/lint.hpp"

#include <fmt/format.h>

#include "support/catch.hpp"
#include "windtunnel/core/error.hpp"

using namespace windtunnel;

namespace {

/// Lints of a scenario of 3 days with 40 users a day.
std::vector<std::string> lints(const std::string& strategies, const std::string& allow = "[]") {
  const std::string text = R"({"windtunnel": 1, "allow": )" + allow + R"(,
    "world": {"traffic": {"users_per_day": 40, "days": 3}, "outcome": {"type": "normal", "mean": 0, "sd": 1}},
    "strategies": {)" + strategies +
                           "}}";
  const Scenario scenario = read_scenario(text, "test", registry());
  return lint(scenario, compile(scenario, registry()));
}

}  // namespace

TEST_CASE("lint: looks beyond the end are told once", "[engine]") {
  const std::string peek = R"("peek": {"rule": "naive_peeking", "looks": {"at_days": [1, 2, 4, 5]}})";
  CHECK(lints(peek) ==
        std::vector<std::string>{
            "dropped_looks: 2 looks of 'peek' lie beyond its end after 3 days and are left out"});
  CHECK(lints(peek, R"(["dropped_looks"])").empty());
  CHECK(lints(R"("peek": {"rule": "naive_peeking", "looks": {"at_days": [1, 3]}})").empty());
}

TEST_CASE("lint: looks that begin beyond the end are told", "[engine]") {
  const auto peek = [](const std::string& looks) {
    return lints(R"("peek": {"rule": "naive_peeking", "looks": )" + looks + "}");
  };
  const std::vector<std::string> told{
      "dropped_looks: the looks of 'peek' begin beyond its end after 3 days; it looks then only"};
  // 3 days, 72 hours, 120 users
  for (const char* beyond : {R"({"every_days": 99})", R"({"every_days": 1, "from": 4})",
                             R"({"every_hours": 73})", R"({"every_users": 121})"})
    CHECK(peek(beyond) == told);
  for (const char* inside : {R"({"every_days": 3})", R"({"every_hours": 72})", R"({"every_users": 120})"})
    CHECK(peek(inside).empty());
}

TEST_CASE("lint: only ids that there are can be allowed", "[engine]") {
  const std::string peek = R"("peek": {"rule": "naive_peeking"})";
  for (const LintRow& row : lint_rows()) CHECK_NOTHROW(lints(peek, std::string("[\"") + row.id + "\"]"));
  try {
    lints(peek, R"(["dropped_look"])");
    FAIL("an unknown id was allowed");
  } catch (const InputError& error) {
    CHECK(error.problems().front().where == "/allow/0");
    CHECK(error.problems().front().message.ends_with("; did you mean \"dropped_looks\"?"));
  }
}

TEST_CASE("lint: a promise that rests on an early estimate of the variance is told", "[engine]") {
  const auto pocock = [](const std::string& more) {
    return R"("p": {"rule": "group_sequential", "boundary": "pocock", )" + more + "}";
  };
  // 40 users a day are 20 per arm after the first day and 60 after the third.
  const std::vector<std::string> found = lints(pocock(R"("looks": {"every_days": 1})"));
  REQUIRE(found.size() == 1);
  CHECK(found.front().starts_with("early_plug_in: 'p' first looks at 20 users in an arm"));
  CHECK(lints(pocock(R"("looks": {"at_days": [3]})")).empty());
  CHECK(lints(pocock(R"("looks": {"every_days": 1}, "test": {"type": "z_known", "sd": 1})")).empty());
  CHECK(lints(R"("n": {"rule": "naive_peeking", "looks": {"every_days": 1}})").empty());  // promises nothing
}

namespace {

/// Lints of conversions at 5 % with a lift of 10 %.
std::vector<std::string> world_lints(double users, int days, const std::string& features,
                                     const std::string& strategy) {
  const Scenario scenario = read_scenario(
      fmt::format(R"({{"windtunnel": 1, "world": {{"traffic": {{"users_per_day": {}, "days": {}}},
          "outcome": {{"type": "bernoulli", "rate": 0.05}}, "effect": {{"relative": 0.1}}, "features": {{{}}}}},
          "strategies": {{"s": {{{}}}}}}})",
                  users, days, features, strategy),
      "test", registry());
  return lint(scenario, compile(scenario, registry()));
}

constexpr const char* kFixed = R"("rule": "fixed_horizon")";

}  // namespace

TEST_CASE("lint: days of the week that differ ask for whole weeks", "[engine]") {
  const char* weekend = R"("weekday": {"traffic": [1, 1, 1, 1, 1, 0.5, 0.5]})";
  CHECK(world_lints(10'000, 10, weekend, kFixed) ==
        std::vector<std::string>{
            "whole_weeks: 's' lasts 10 days, not whole weeks, and the days of the week differ"});
  CHECK(world_lints(10'000, 14, weekend, kFixed).empty());
  CHECK(world_lints(10'000, 10, "", kFixed).empty());
}

TEST_CASE("lint: few conversions at the first look and little power at the end are told", "[engine]") {
  // 160 users: 80 in an arm, 4 conversions. z = .005 / sqrt((.0475 + .051975) / 80) = .14.
  CHECK(world_lints(160, 1, "", kFixed) ==
        std::vector<std::string>{"few_conversions: 's' first looks at about 4 conversions in an arm; the "
                                 "normal approximation needs 5 or more",
                                 "low_power: 's' finds the effect in less than half of the experiments: z is "
                                 "about 0.14 at its end, and "
                                 "1.96 is needed"});
  // z = .005 / sqrt(.099475 / n) = 1.96 at n = 15,287 an arm.
  CHECK(world_lints(30'550, 1, "", kFixed).size() == 1);
  CHECK(world_lints(30'600, 1, "", kFixed).empty());
}

TEST_CASE("lint: requests counted as users void a promise, and make conversions fewer than they look",
          "[engine]") {
  // Design effect 1 + 3 * 0.4 = 2.2, and 4 requests a user: errors are 1.48 times those of independent
  // requests.
  const char* clusters = R"("clusters": {"size": 4, "icc": 0.4})";
  const std::string doubt =
      "guarantee_void: 's' counts requests as if each were a user of its own, which makes its standard "
      "errors "
      "1.48 times too small (\"unit\": \"user\", or the test ratio)";
  CHECK(world_lints(100'000, 1, clusters, kFixed) == std::vector<std::string>{doubt});
  CHECK(world_lints(100'000, 1, clusters, R"("rule": "fixed_horizon", "unit": "user")").empty());
  CHECK(world_lints(100'000, 1, clusters, R"("rule": "fixed_horizon", "test": "ratio")").empty());
  CHECK(world_lints(100'000, 1, R"("clusters": {"size": 4, "icc": 0})", kFixed).empty());
  // 30,550 users have a z below 1.96, and of users with requests, whose variance is 2.2/4 of theirs, 16,815
  // have. Who takes errors for too small finds it there in P(1.48 Z > 1.96) = 74 %.
  const char* by_user = R"("rule": "fixed_horizon", "unit": "user")";
  CHECK(world_lints(16'780, 1, clusters, by_user).size() == 1);
  CHECK(world_lints(16'850, 1, clusters, by_user).empty());
  CHECK(world_lints(16'780, 1, clusters, kFixed) == std::vector<std::string>{doubt});
}

TEST_CASE("lint: transients that are left, and promises that are void, are told", "[engine]") {
  const auto found = world_lints(100'000, 7, R"("novelty": {"relative": 0.1, "half_life_days": 2})", kFixed);
  REQUIRE(found.size() == 2);  // 2^(-6/2) = 12.5 %
  CHECK(found[0].starts_with("guarantee_void: 's' promises its level where arms are alike"));
  CHECK(found[1].starts_with("novelty_left: 's' ends while a fading lift is still 1"));
  CHECK(world_lints(100'000, 8, R"("novelty": {"relative": 0.1, "half_life_days": 2})", kFixed).size() == 1);
  const char* segments = R"("segments": {"a": {"share": 0.5}, "b": {"share": 0.5}})";
  CHECK(world_lints(100'000, 7, segments, R"("rule": "fixed_horizon", "any_segment": true)") ==
        std::vector<std::string>{"guarantee_void: 's' tests 2 hypotheses, each at the whole alpha"});
  CHECK(world_lints(100'000, 7, segments,
                    R"("rule": "fixed_horizon", "any_segment": true, "correction": "holm")")
            .empty());
}

TEST_CASE("lint: transients are judged beside the effect of each arm and segment", "[engine]") {
  const auto left = [](const std::string& arms, const std::string& effect, const std::string& features,
                       const std::string& keys) {
    const Scenario scenario = read_scenario(fmt::format(R"({{"windtunnel": 1, "world": {{"arms": {},
        "traffic": {{"users_per_day": 100000, "days": 14}}, "outcome": {{"type": "normal", "mean": 10, "sd": 3}},
        "effect": {}, "features": {{{}}}}}, "strategies": {{"s": {{"rule": "fixed_horizon"{}}}}}}})",
                                                        arms, effect, features, keys),
                                            "test", registry());
    const std::vector<std::string> texts = lint(scenario, compile(scenario, registry()));
    const auto found =
        std::ranges::find_if(texts, [](const std::string& text) { return text.starts_with("novelty_left"); });
    return found == texts.end() ? "" : *found;
  };
  const auto says = [](const std::string& share) {
    return "novelty_left: 's' ends while a fading lift is still " + share + " % of the effect";
  };
  const std::string novelty = R"("novelty": {"absolute": 0.05, "half_life_days": 700})";  // .0494 at the end
  const std::string segments =
      R"(, "segments": {"a": {"share": 0.9}, "b": {"share": 0.1, "effect_multiplier": 0.01}})";
  CHECK(left("2", R"({"absolute": 1})", novelty + segments, R"(, "segment": "a")").empty());
  CHECK(left("2", R"({"absolute": 1})", novelty + segments, R"(, "segment": "b")") == says("494"));
  CHECK(left("3", R"({"absolute": [1, 0.01]})",
             R"("novelty": {"absolute": [0, 0.05], "half_life_days": 700})", "") == says("494"));
  // Who keeps nothing of an old assignment is alike in both arms.
  const char* carryover = R"("carryover": {{"absolute": 1, "half_life_days": 700, "overlap": {}}})";
  CHECK(left("2", R"({"absolute": 1})", fmt::format(fmt::runtime(carryover), 0), "").empty());
  CHECK(left("2", R"({"absolute": 1})", fmt::format(fmt::runtime(carryover), 0.5), "") == says("49"));
}

TEST_CASE("lint: bounds planned for the users exposed are void where reports come late", "[engine]") {
  const auto voids = [](const std::string& features, const std::string& keys) {
    const std::vector<std::string> found = world_lints(2000, 14, features, keys);
    return std::ranges::any_of(found, [](const std::string& text) {
      return text.starts_with("guarantee_void: 's' plans its bounds for the users exposed by each look");
    });
  };
  const std::string pocock =
      R"("rule": "group_sequential", "boundary": "pocock", "looks": {"every_days": 7})";
  CHECK(voids(R"("delay": {"daily_probability": 0.2})", pocock));
  CHECK(voids(R"("delay": {"days": 3})", pocock + R"(, "analyse": "matured", "follow_up_days": 3)"));
  CHECK_FALSE(voids(R"("delay": {"daily_probability": 1})", pocock));
  CHECK_FALSE(voids("", pocock));
  CHECK_FALSE(voids(R"("delay": {"daily_probability": 0.2})",
                    R"("rule": "naive_peeking", "looks": {"every_days": 7})"));
  CHECK_FALSE(
      voids(R"("delay": {"daily_probability": 0.2})", R"("rule": "group_sequential", "boundary": "pocock")"));
}

TEST_CASE("lint: of several segments the smallest is judged", "[engine]") {
  // Of 4,000 users one in fifty is in a: 40 in an arm, 2 conversions.
  const char* segments = R"("segments": {"a": {"share": 0.02}, "b": {"share": 0.98}})";
  const auto of = [&](const std::string& keys) {
    return world_lints(4000, 1, segments, R"("rule": "msprt", "mixing_sd": {"absolute": 0.01})" + keys);
  };
  const std::vector<std::string> found = of(R"(, "any_segment": true, "correction": "bonferroni")");
  REQUIRE(found.size() == 3);
  CHECK(found[2].starts_with("low_power"));
  CHECK(found[0].starts_with("early_plug_in: 's' first looks at 40 users in an arm"));
  CHECK(found[1].starts_with("few_conversions: 's' first looks at about 2 conversions in an arm"));
  for (const char* keys : {"", R"(, "segment": "b")"})
    for (const std::string& one : of(keys)) CHECK(one.starts_with("low_power"));
}

TEST_CASE("lint: looks before outcomes can be known are told", "[engine]") {
  // With ten million users a day nothing else is found.
  const auto found = [](const std::string& delay, const std::string& looks) {
    return world_lints(10'000'000, 10, fmt::format(R"("delay": {{{}}})", delay),
                       fmt::format(R"("rule": "naive_peeking", "looks": {})", looks));
  };
  CHECK(
      found(R"("days": 3)", R"({"every_days": 1})") ==
      std::vector<std::string>{
          "look_before_conversion: 's' first looks on day 1, when 0 % of the outcomes can be known; all "
          "others count as 0",
          "few_conversions: 's' first looks at about 0 conversions in an arm; the normal approximation needs "
          "5 or more"});
  CHECK(found(R"("days": 3)", R"({"at_days": [4]})").empty());  // a quarter
  CHECK(found(R"("daily_probability": 0.08)", R"({"every_days": 1})") ==
        std::vector<std::string>{"look_before_conversion: 's' first looks on day 1, when 8 % of the outcomes "
                                 "can be known; all others count as 0"});
  // After two days (1 - .92^2 + 1 - .92) / 2 = 11.7 %.
  CHECK(found(R"("daily_probability": 0.08)", R"({"every_days": 2})").empty());
  CHECK(found(R"("daily_probability": 1)", R"({"every_days": 1})").empty());
  CHECK(
      found(R"("daily_probability": 0.5)",
            R"({"every_days": 2}, "analyse": "matured", "follow_up_days": 2)") ==
      std::vector<std::string>{
          "look_before_conversion: 's' first looks on day 2, when nobody has had the 2 days it waits for",
          "few_conversions: 's' first looks at about 0 conversions in an arm; the normal approximation needs "
          "5 or more"});
  CHECK(
      found(R"("daily_probability": 0.5)", R"({"every_days": 3}, "analyse": "matured", "follow_up_days": 2)")
          .empty());
}

namespace {

/// Lints of revenue, or of another outcome, in experiments of two arms.
std::vector<std::string> tail_lints(const std::string& outcome, double users, const std::string& strategy) {
  const Scenario scenario = read_scenario(
      fmt::format(R"({{"windtunnel": 1, "world": {{"traffic": {{"users_per_day": {}, "days": 2}},
          "outcome": {{"type": {}}}}}, "strategies": {{"s": {{{}}}}}}})",
                  users, outcome, strategy),
      "test", registry());
  return lint(scenario, compile(scenario, registry()));
}

}  // namespace

TEST_CASE("lint: tests of means need users by the square of the skewness", "[engine]") {
  // 355 * 4 = 1,420 users per arm for exponential outcomes, whose skewness is 2: a negative binomial count
  // with the dispersion 1 and a large mean has nearly that.
  const char* counts = R"("negative_binomial", "mean": 300, "dispersion": 1)";
  CHECK(tail_lints(counts, 1419, kFixed) ==
        std::vector<std::string>{
            "skewness: 's' first looks at 1419 users in an arm, but a test of means of outcomes "
            "as skewed as these (2) needs 1421: 355 times the square"});
  CHECK(tail_lints(counts, 1422, kFixed).empty());
  // Where somebody looks after the first of the two days it is half as many.
  CHECK(tail_lints(counts, 1422, R"("rule": "naive_peeking", "looks": {"every_days": 1})").size() == 1);
  CHECK(tail_lints(counts, 2 * 1422, R"("rule": "naive_peeking", "looks": {"every_days": 1})").empty());
}

TEST_CASE("lint: skewness is told once of a strategy, as it is in the worst of all cells", "[engine]") {
  // Control users who leak are served what makes larger, less skewed counts, but in the null twin.
  const Scenario scenario = read_scenario(R"({"windtunnel": 1, "allow": ["low_power"],
      "world": {"traffic": {"users_per_day": 100, "days": 1}, "effect": {"relative": 1},
                "outcome": {"type": "negative_binomial", "mean": 2, "dispersion": 1},
                "features": {"leakage": {"rate": 0.5, "direction": "two_way"}}},
      "strategies": {"s": {"rule": "fixed_horizon"}, "t": {"rule": "naive_peeking"}},
      "sweep": {"dispersion": {"/world/outcome/dispersion": [2, 1, 4]}}})",
                                          "test", registry());
  std::vector<std::string> found = lint(scenario, compile(scenario, registry()));
  std::erase_if(found, [](const std::string& text) { return !text.starts_with("skewness"); });
  REQUIRE(found.size() == 2);
  // Skewness of control in the null twin, mean 2 and dispersion 1: (2 + mean)/sqrt(mean (1 + mean)) = 2.041.
  for (const std::string& text : found) CHECK(text.find("as skewed as these (2.04) needs 1480") != text.npos);
}

TEST_CASE("lint: skewness does not matter to ranks, quantiles, capped values and rates", "[engine]") {
  const char* heavy = R"("lognormal", "log_mean": 0, "log_sd": 2)";
  CHECK(tail_lints(heavy, 1000, R"("rule": "fixed_horizon", "test": "z_unpooled")").size() == 1);
  CHECK(tail_lints(heavy, 1000, R"("rule": "msprt", "mixing_sd": {"absolute": 1})").size() == 1);
  for (const char* strategy :
       {R"("rule": "fixed_horizon", "test": "mann_whitney")",
        R"("rule": "fixed_horizon", "test": "quantile")", R"("rule": "fixed_horizon", "test": "bootstrap")",
        R"("rule": "fixed_horizon", "cap": 9)", R"("rule": "ship_leader")"})
    CHECK(tail_lints(heavy, 1000, strategy).empty());
  CHECK(tail_lints(R"("bernoulli", "rate": 0.01)", 1000, kFixed).empty());
  CHECK(tail_lints(R"("normal", "mean": 0, "sd": 1)", 100, kFixed).empty());
}

TEST_CASE("lint: a plain test of what a policy has collected is told", "[engine]") {
  const auto with = [](const std::string& rest) {
    return lints(R"("s": {"rule": "fixed_horizon", )" + rest + "}");
  };
  const std::string greedy = R"("policy": {"type": "epsilon_greedy", "rounds": {"every_users": 20}})";
  CHECK(with(greedy) ==
        std::vector<std::string>{
            "guarantee_void: 's' tests what its policy has collected by what it had seen, which "
            "makes means too low (some tests follow the policy)"});
  for (const char* test : {"ipw", "adaptively_weighted", "batch_z"})
    CHECK(with(greedy + R"(, "test": ")" + test + "\"").empty());
  CHECK(lints(R"("s": {"rule": "ship_leader", )" + greedy + "}").empty());
  // Without a floor no test follows a policy that is sure of itself.
  CHECK(with(R"("policy": {"type": "epsilon_greedy", "epsilon": 0})") ==
        std::vector<std::string>{
            "guarantee_void: 's' tests what its policy has collected by what it had seen, which "
            "makes means too low (some tests follow a policy that has a \"floor\")"});
}

TEST_CASE("lint: policies that explore until the end are told", "[engine]") {
  const auto found = [](const char* policy, const char* days = "3") {
    return lints(fmt::format(R"("s": {{"rule": "ship_leader", "days": {}, "policy": {}}})", days, policy));
  };
  const std::string sentence = "endless_exploration: the policy of 's' gives its first ";
  CHECK(found(R"({"type": "explore_then_commit", "m": 59})").empty());  // 118 of 120 users
  CHECK(found(R"({"type": "explore_then_commit", "m": 60})") ==
        std::vector<std::string>{sentence +
                                 "120 users the arms in turn, but no more than 120 come: it applies nothing "
                                 "it learns"});
  CHECK(found(R"({"type": "epsilon_greedy", "burn_in": 50})").empty());
  CHECK(found(R"({"type": "epsilon_greedy", "burn_in": 50})", "2") ==
        std::vector<std::string>{
            sentence + "100 users the arms in turn, but no more than 80 come: it applies nothing it "
                       "learns"});
  CHECK(found(R"("fixed_split")").empty());
}

TEST_CASE("lint: quantiles of outcomes of which many are equal are told", "[engine]") {
  const char* median = R"("rule": "fixed_horizon", "test": {"type": "quantile", "p": 0.5})";
  // Poisson of mean 4: e^-4 4^4/4! = 19.5 % are 4, the median.
  CHECK(tail_lints(R"("poisson", "mean": 4)", 1000, median) ==
        std::vector<std::string>{
            "guarantee_void: 's' compares quantiles as if no two outcomes were equal, but 20 "
            "% of them are 4, its quantile"});
  CHECK(tail_lints(R"("lognormal", "log_mean": 0, "log_sd": 1)", 1000, median).empty());
}

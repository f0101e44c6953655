#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <numbers>

#include "support/catch.hpp"
#include "windtunnel/core/math.hpp"
#include "windtunnel/engine/lint.hpp"

using namespace windtunnel;

namespace {

/// What low_power finds in a world, and nothing else.
///   more  further keys of the scenario
std::vector<std::string> found(const std::string& world, const std::string& strategies,
                               const std::string& more = "") {
  const Scenario scenario = read_scenario(
      fmt::format(R"({{"windtunnel": 1, "world": {{{}}}, "strategies": {{{}}}{}}})", world, strategies, more),
      "test", registry());
  std::vector<std::string> texts = lint(scenario, compile(scenario, registry()));
  std::erase_if(texts, [](const std::string& text) { return !text.starts_with("low_power"); });
  return texts;
}

/// Two weeks of 2,000 users a day who convert at 5 %.
std::string conversions(double lift) {
  return fmt::format(R"("traffic": {{"users_per_day": 2000, "days": 14}},
      "outcome": {{"type": "bernoulli", "rate": 0.05}}, "effect": {{"relative": {}}})",
                     lift);
}

/// A day of normal outcomes of sd 1: the z of 2,000 users, 1,000 in an arm, is 22.4 times the effect.
std::string normals(double effect, const std::string& features = "") {
  return fmt::format(R"("traffic": {{"users_per_day": 2000, "days": 1}},
      "outcome": {{"type": "normal", "mean": 0, "sd": 1}}, "effect": {{"absolute": {}}},
      "features": {{{}}})",
                     effect, features);
}

/// The power a finding tells, in percent.
double told_power(const std::string& text) {
  const std::size_t at = text.find("about ");
  REQUIRE(at != text.npos);
  return std::atof(text.c_str() + at + 6);
}

/// Four standard errors of the power of 400 pilot experiments, in percent.
double tolerance(double power) {
  return 100 * 4 * std::sqrt(power * (1 - power) / 400);
}

constexpr const char* kDaily = R"(, "looks": {"every_days": 1})";

std::string daily(const std::string& rule) {
  return fmt::format(R"("s": {{"rule": {}{}}})", rule, kDaily);
}

}  // namespace

TEST_CASE("lint: mSPRT's power is that of a pilot", "[engine]") {
  const std::string msprt = daily(R"("msprt", "mixing_sd": {"absolute": 0.0075})");
  // 28.1 % of 100,000 replications, and 79 % at the larger lift; one look at the end has 61 % and 96 %.
  const std::vector<std::string> weak = found(conversions(0.12), msprt);
  REQUIRE(weak.size() == 1);
  CHECK(weak[0].starts_with("low_power: 's' finds the effect in about "));
  CHECK(weak[0].ends_with(") of 400 pilot experiments: less than half"));
  CHECK(std::fabs(told_power(weak[0]) - 28.1) < tolerance(0.281));
  CHECK(found(conversions(0.2), msprt).empty());
}

TEST_CASE("lint: many looks have more power than the last one's z says, or less", "[engine]") {
  // z is 1.88 at the end: one look there has 47 %, a look every day finds it in 62 %.
  CHECK(found(conversions(0.1), daily(R"("naive_peeking")")).empty());
  CHECK(found(conversions(0.1), R"("s": {"rule": "naive_peeking"})") ==
        std::vector<std::string>{
            "low_power: 's' finds the effect in less than half of the experiments: z is about 1.88 at its "
            "end, and 1.96 is needed"});
  // z is 2.00: one look has 51 %, Pocock's fourteen have 37 %.
  CHECK(found(conversions(0.106), R"("s": {"rule": "fixed_horizon"})").empty());
  CHECK(found(conversions(0.106), daily(R"("group_sequential", "boundary": "pocock")")).size() == 1);
}

TEST_CASE("lint: the power of several panels is that of any of them", "[engine]") {
  // Halves of the users: in each z is 1.3 where that of all is 1.84, and 2.24 is needed. Then one finds it in
  // 1 - Phi(.94)^2 = 31.7 %, and with a z of 2.1 each in 1 - Phi(.14)^2 = 69.1 %.
  const std::string halves = R"("segments": {"a": {"share": 0.5}, "b": {"share": 0.5}})";
  const std::string any =
      R"("s": {"rule": "fixed_horizon", "any_segment": true, "correction": "bonferroni"})";
  const auto effect = [](double z) { return z / std::sqrt(250.0); };
  const std::vector<std::string> weak = found(normals(effect(1.3), halves), any);
  REQUIRE(weak.size() == 1);
  const double one = math::normal_cdf(1.3 + math::normal_quantile(0.0125)), power = 1 - (1 - one) * (1 - one);
  CHECK(std::fabs(told_power(weak[0]) - 100 * power) < tolerance(power));
  CHECK(found(normals(effect(2.1), halves), any).empty());
}

TEST_CASE("lint: several treatments, ranks and capped values are tried out", "[engine]") {
  // Ranks of normal outcomes lose 4.5 % of the users: a z of 1.3 or 3 is one of 1.27 or 2.93.
  for (const char* test : {R"("test": "mann_whitney")", R"("cap": 50)"}) {
    const std::string strategy = fmt::format(R"("s": {{"rule": "fixed_horizon", {}}})", test);
    CHECK(found(normals(1.3 / 22.4), strategy).size() == 1);
    CHECK(found(normals(3 / 22.4), strategy).empty());
  }
  // Four treatments with a z of 1.8 of the same 4,000 control users: each alone is found in 44 %, one of
  // them in 74 %.
  const std::string world = R"("arms": ["control", "a", "b", "c", "d"],
      "traffic": {"users_per_day": 20000, "days": 1}, "outcome": {"type": "normal", "mean": 0, "sd": 1},
      "effect": {"absolute": 0.0402})";
  CHECK(found(world, R"("s": {"rule": "fixed_horizon"})").empty());
}

TEST_CASE("lint: where there is nothing to find no power is missed", "[engine]") {
  const std::string segments =
      R"("segments": {"a": {"share": 0.5, "effect_multiplier": 0}, "b": {"share": 0.5}})";
  const std::string pocock =
      R"("rule": "group_sequential", "boundary": "pocock", "looks": {"every_hours": 6})";
  CHECK(found(normals(0.5, segments), fmt::format(R"("s": {{{}, "segment": "a"}})", pocock)).empty());
  CHECK(found(normals(0.5), fmt::format(R"("s": {{{}, "margin": {{"absolute": 0.5}}}})", pocock)).empty());
  CHECK(found(normals(0.5), fmt::format(R"("s": {{{}, "margin": {{"absolute": 0.49}}}})", pocock)).size() ==
        1);
}

TEST_CASE("lint: a pilot that is too dear is left, and z bounds the power of who keeps a level", "[engine]") {
  // Two hundred million users a day, drawn one by one, of a lognormal whose sd is 1.31 times its mean.
  const auto world = [](double lift) {
    return fmt::format(R"("traffic": {{"users_per_day": 2e8, "days": 2}},
        "outcome": {{"type": "lognormal", "log_mean": 0, "log_sd": 1}}, "effect": {{"relative": {}}})",
                       lift);
  };
  const double unit = 1.31 * std::sqrt(4 / 4e8);  // of the lift whose z is 1
  const std::string pocock = daily(R"("group_sequential", "boundary": "pocock")");
  CHECK(found(world(1.2 * unit), pocock) ==
        std::vector<std::string>{
            "low_power: 's' finds the effect in less than half of the experiments: z is about 1.20 at its "
            "end, and 1.96 is needed"});
  CHECK(found(world(2.1 * unit), pocock).empty());  // which nobody knows
  CHECK(found(world(1.2 * unit), daily(R"("naive_peeking")")).empty());
}

TEST_CASE("lint: a strategy too dear to be tried out hinders no other's pilot", "[engine]") {
  // A thousand resamples of up to 2,000 users at every hour: 48 million values a replication.
  const std::string dear =
      R"("dear": {"rule": "naive_peeking", "test": "bootstrap", "looks": {"every_hours": 1}})";
  const auto both = [&](double z) {
    return found(normals(z / 22.4), dear + R"(, "ranks": {"rule": "fixed_horizon", "test": "mann_whitney"})");
  };
  const std::vector<std::string> weak = both(1.3);
  REQUIRE(weak.size() == 1);
  CHECK(weak[0].starts_with("low_power: 'ranks' finds the effect in about "));
  // Ranks of normal outcomes lose 4.5 % of the users.
  const double power = math::normal_cdf(1.3 * std::sqrt(3 / std::numbers::pi) - 1.96);
  CHECK(std::fabs(told_power(weak[0]) - 100 * power) < tolerance(power));
  CHECK(both(3).empty());
}

TEST_CASE("lint: the z of a quantile is told where no pilot can be run", "[engine]") {
  // Of 2e8 normal outcomes in an arm the median's error is sqrt(pi / 2) times that of the mean: z = .8
  // effect/1e-4.
  const auto median = [](double effect, const std::string& rule) {
    return found(fmt::format(R"("traffic": {{"users_per_day": 2e8, "days": 2}},
        "outcome": {{"type": "normal", "mean": 0, "sd": 1}}, "effect": {{"absolute": {}}})",
                             effect),
                 fmt::format(R"("s": {{{}, "test": "quantile"}})", rule));
  };
  const std::string fixed = R"("rule": "fixed_horizon")";
  CHECK(median(1e-4, fixed) ==
        std::vector<std::string>{
            "low_power: 's' finds the effect in less than half of the experiments: z is about 0.80 at its "
            "end, and 1.96 is needed"});
  CHECK(median(3e-4, fixed).empty());  // z is 2.4
}

TEST_CASE("lint: low power is told once of a strategy, as it is in the worst of all cells", "[engine]") {
  const std::string sweep =
      R"(, "sweep": {"lift": {"/world/effect/relative": [0.1, 0.01, 0.06, 0.5]}}, "allow": [A])";
  const std::string strategies = R"("fixed": {"rule": "fixed_horizon"}, "p": {"rule": "group_sequential",
      "boundary": "pocock", "looks": {"every_days": 7}})";
  const auto allowing = [&](const char* ids) {
    return found(conversions(0.1), strategies, std::string(sweep).replace(sweep.find("A]"), 1, ids));
  };
  const std::vector<std::string> told = allowing("");
  REQUIRE(told.size() == 2);
  CHECK(told[0].find("of the experiments at lift 0.01: z is about 0.19 at its end") != std::string::npos);
  CHECK(told[1].starts_with("low_power: 'p'"));
  CHECK(told[1].ends_with(") of 400 pilot experiments at lift 0.01: less than half"));
  CHECK(told_power(told[1]) < 5.4 + tolerance(0.054));  // as good as its level, .05, where the lift is .01
  CHECK(allowing(R"("low_power")").empty());
}

TEST_CASE("lint: users who are lost on the way are not planned with", "[engine]") {
  // 1,000 users in each arm have a z of 2.24 (.1), of 500 and 1,000 it is 1.83.
  const std::string fixed = R"("s": {"rule": "fixed_horizon"})";
  CHECK(found(normals(0.1), fixed).empty());
  const std::vector<std::string> half =
      found(normals(0.1, R"("sample_ratio_mismatch": {"arm": "treatment", "drop_rate": 0.5})"), fixed);
  REQUIRE(half.size() == 1);
  CHECK(half[0].find("z is about 1.83 at") != std::string::npos);
  // One in ten is assigned to the treatment: 200 and 1,800 users.
  const std::vector<std::string> few =
      found(normals(0.1, R"("sample_ratio_mismatch": {"shares": [9, 1]})"), fixed);
  REQUIRE(few.size() == 1);
  CHECK(few[0].find("z is about 1.34 at") != std::string::npos);
}

TEST_CASE("lint: a one-sided rule with a margin has nothing to find beyond it", "[engine]") {
  const auto one_sided = [](const char* rule, double effect, double margin) {
    return found(normals(effect), fmt::format(R"("s": {{"rule": {}, "alternative": "one_sided",
        "margin": {{"absolute": {}}}}})",
                                              rule, margin));
  };
  for (const char* rule : {R"("fixed_horizon")", R"("group_sequential", "boundary": "pocock")"}) {
    CHECK(one_sided(rule, -0.2, -0.1).empty());
    CHECK(one_sided(rule, -0.08, -0.1).size() == 1);
    CHECK(one_sided(rule, -0.05, 0).size() == 1);  // of the stated effect it finds nothing
  }
}

#include <fmt/format.h>

#include <cmath>

#include "support/catch.hpp"
#include "support/duel.hpp"

/// The engine against the slow simulator: every measure of every strategy in worlds of many kinds.
namespace windtunnel {
namespace {

using Rule = SlowStrategy::Rule;
using Test = SlowStrategy::Test;
using Sides = SlowStrategy::Sides;
using Correction = SlowStrategy::Correction;

TEST_CASE("slow simulator: conversions watched daily with a rollout", "[engine]") {
  const auto daily = slow_daily_looks(40, 5);
  fight(
      {.world = R"("traffic": {"users_per_day": 40, "days": 5, "rollout_days": 3},
                     "outcome": {"type": "bernoulli", "rate": 0.2}, "effect": {"relative": 0.6})",
       .slow = {.users_per_day = 40, .days = 5, .rollout_days = 3},
       .cells = {{"null", always({0.2, 0.2})}, {"effect", always({0.2, 0.32})}},
       .teams = {{R"("rule": "fixed_horizon")", {.looks = {200}}},
                 {R"("rule": "naive_peeking", "test": "z_unpooled", "looks": {"every_days": 1})",
                  {.rule = Rule::naive_peeking, .test = Test::z_unpooled, .looks = daily}},
                 {R"("rule": "sprt", "mde": {"relative": 0.5}, "baseline": 0.2, "looks": {"every_days": 1})",
                  {.rule = Rule::sprt,
                   .looks = daily,
                   .sides = Sides::one,
                   .delta = 0.1,
                   .pair_variance = 2 * 0.25 * 0.75}},
                 {R"("rule": "msprt", "mixing_sd": {"absolute": 0.1}, "looks": {"every_days": 1})",
                  {.rule = Rule::msprt, .looks = daily, .mixing_sd = 0.1}}}});
}

TEST_CASE("slow simulator: three unequal arms of normal outcomes", "[engine]") {
  const std::vector<i64> looks = slow_daily_looks(60, 3);
  fight(
      {.world = R"("arms": 3, "traffic": {"users_per_day": 60, "days": 3, "rollout_days": 1},
                     "outcome": {"type": "normal", "mean": 1, "sd": 2}, "effect": {"absolute": [0.8, -0.4]})",
       .slow = {.sd = 2, .users_per_day = 60, .days = 3, .rollout_days = 1, .shares = {0.5, 0.25, 0.25}},
       .cells = {{"null", always({1, 1, 1})}, {"effect", always({1, 1.8, 0.6})}},
       .teams = {
           {R"("rule": "fixed_horizon", "policy": {"type": "fixed_split", "shares": [2, 1, 1]})",
            {.test = Test::welch_t, .looks = {180}}},
           {R"("rule": "naive_peeking", "test": "student_t", "correction": "holm", "looks": {"every_days": 1},
                       "policy": {"type": "fixed_split", "shares": [2, 1, 1]})",
            {.rule = Rule::naive_peeking,
             .test = Test::student_t,
             .looks = looks,
             .correction = Correction::holm}},
           {R"("rule": "naive_peeking", "test": "z_pooled", "correction": "bonferroni", "alpha": 0.2,
                       "looks": {"every_days": 2}, "policy": {"type": "fixed_split", "shares": [2, 1, 1]})",
            {.rule = Rule::naive_peeking,
             .test = Test::z_pooled,
             .looks = {120, 180},
             .alpha = 0.2,
             .correction = Correction::bonferroni}},
           {R"("rule": "naive_peeking", "test": "student_t", "correction": "benjamini_hochberg", "alpha": 0.3,
                       "looks": {"every_days": 1}, "policy": {"type": "fixed_split", "shares": [2, 1, 1]})",
            {.rule = Rule::naive_peeking,
             .test = Test::student_t,
             .looks = looks,
             .alpha = 0.3,
             .correction = Correction::benjamini_hochberg}}}});
}

TEST_CASE("slow simulator: every user flips a coin and somebody looks after every twenty-five", "[engine]") {
  const char* policy = R"("policy": {"type": "fixed_split", "shares": [3, 7], "assignment": "bernoulli"})";
  const auto looks = slow_user_looks(210, 25, 50);
  fight({.world = R"("traffic": {"users_per_day": 70, "days": 3, "rollout_days": 2},
                     "outcome": {"type": "bernoulli", "rate": 0.4}, "effect": {"absolute": -0.15})",
         .slow = {.users_per_day = 70,
                  .days = 3,
                  .rollout_days = 2,
                  .shares = {0.3, 0.7},
                  .assignment = SlowWorld::Assignment::coin},
         .cells = {{"null", always({0.4, 0.4})}, {"effect", always({0.4, 0.25})}},
         .teams = {{fmt::format(R"("rule": "naive_peeking", "looks": {{"every_users": 25, "from": 50}}, {})",
                                policy),
                    {.rule = Rule::naive_peeking, .looks = looks}},
                   {policy, {.rule = Rule::ship_leader, .looks = {210}}},
                   {fmt::format(R"("rule": "sprt", "mde": {{"absolute": 0.15}}, "variance": "plug_in",
                                   "alternative": "two_sided", "looks": {{"every_users": 25, "from": 50}}, {})",
                                policy),
                    {.rule = Rule::sprt, .looks = looks, .delta = 0.15}}}});
}

TEST_CASE("slow simulator: group-sequential designs with a coin and a known variance", "[engine]") {
  const char* policy =
      R"("policy": {"type": "fixed_split", "assignment": "bernoulli"}, "looks": {"equally_spaced": 5})";
  const std::vector<i64> looks{30, 60, 90, 120, 150};
  // Jennison & Turnbull (2000), tables 2.1 and 2.3: Pocock 2.413, O'Brien-Fleming 2.040 for five looks.
  std::vector<double> obrien_fleming;
  for (int k = 1; k <= 5; ++k) obrien_fleming.push_back(2.040 * std::sqrt(5.0 / k));
  fight(
      {.world =
           R"("traffic": {"users_per_day": 150, "days": 1}, "outcome": {"type": "normal", "mean": -3, "sd": 1.5},
                     "effect": {"absolute": 0.7})",
       .slow = {.sd = 1.5, .users_per_day = 150, .assignment = SlowWorld::Assignment::coin},
       .cells = {{"null", always({-3, -3})}, {"effect", always({-3, -2.3})}},
       .teams = {
           {fmt::format(
                R"("rule": "group_sequential", "boundary": "pocock", "test": {{"type": "z_known", "sd": 1.5}}, {})",
                policy),
            {.rule = Rule::group_sequential,
             .test = Test::z_known,
             .looks = looks,
             .known_sd = 1.5,
             .critical = std::vector<double>(5, 2.413)}},
           {fmt::format(R"("rule": "group_sequential", "boundary": "obrien_fleming", "test": "welch_t", {})",
                        policy),
            {.rule = Rule::group_sequential,
             .test = Test::welch_t,
             .looks = looks,
             .critical = obrien_fleming}}}});
}

TEST_CASE("slow simulator: lifts drawn per replication", "[engine]") {
  const SlowMeans drawn = [](std::mt19937_64& engine) {
    static const std::vector<double> lifts{-0.4, 0, 0.7};
    std::discrete_distribution<std::size_t> pick({0.3, 0.5, 0.2});
    return std::vector<double>{0.3, 0.3 * (1 + lifts[pick(engine)]), 0.3 * (1 + lifts[pick(engine)])};
  };
  const std::vector<i64> looks = slow_user_looks(240, 60, 60);
  fight(
      {.world = R"("arms": 3, "traffic": {"users_per_day": 80, "days": 3, "rollout_days": 4},
                     "outcome": {"type": "bernoulli", "rate": 0.3},
                     "effect": {"relative": {"type": "discrete", "values": [-0.4, 0, 0.7], "weights": [0.3, 0.5, 0.2]}})",
       .slow = {.users_per_day = 80, .days = 3, .rollout_days = 4, .shares = {1 / 3.0, 1 / 3.0, 1 / 3.0}},
       .cells = {{"drawn", drawn}},
       .teams =
           {{R"("rule": "fixed_horizon")", {.looks = {240}}},
            {R"("rule": "msprt", "mde": {"absolute": 0.15}, "correction": "bonferroni", "looks": {"every_users": 60})",
             {.rule = Rule::msprt, .looks = looks, .correction = Correction::bonferroni, .mixing_sd = 0.15}},
            {R"("rule": "naive_peeking", "alternative": "one_sided", "looks": {"every_users": 60})",
             {.rule = Rule::naive_peeking, .looks = looks, .sides = Sides::one}},
            {R"("rule": "ship_leader")", {.rule = Rule::ship_leader, .looks = {240}}}}},
      2);
}

TEST_CASE("slow simulator: levels drawn per arm where less is better", "[engine]") {
  const SlowMeans drawn = [](std::mt19937_64& engine) {
    std::normal_distribution<double> normal;
    return std::vector<double>{2 + 0.5 * normal(engine), 1.8 + 0.4 * normal(engine)};
  };
  const std::vector<i64> looks{40, 80, 120};
  fight({.world = R"("traffic": {"users_per_day": 40, "days": 3, "rollout_days": 2},
                     "outcome": {"type": "normal", "sd": 1, "better": "lower", "mean": [
                        {"type": "normal", "mean": 2, "sd": 0.5}, {"type": "normal", "mean": 1.8, "sd": 0.4}]})",
         .slow = {.sd = 1, .users_per_day = 40, .days = 3, .rollout_days = 2, .direction = -1},
         .cells = {{"drawn", drawn}},
         .teams = {
             {R"("rule": "naive_peeking", "looks": {"every_days": 1})",
              {.rule = Rule::naive_peeking, .test = Test::welch_t, .looks = looks}},
             {R"("rule": "sprt", "mde": {"absolute": 0.4}, "variance": 2, "looks": {"every_days": 1})",
              {.rule = Rule::sprt, .looks = looks, .sides = Sides::one, .delta = 0.4, .pair_variance = 2}},
             {R"("rule": "ship_leader")",
              {.rule = Rule::ship_leader, .test = Test::welch_t, .looks = {120}}}}});
}

TEST_CASE("slow simulator: fewer errors are better", "[engine]") {
  const auto looks = slow_daily_looks(50, 4);
  fight(
      {.world = R"("traffic": {"users_per_day": 50, "days": 4, "rollout_days": 6},
                     "outcome": {"type": "bernoulli", "rate": 0.5, "better": "lower"}, "effect": {"absolute": -0.2})",
       .slow = {.users_per_day = 50, .days = 4, .rollout_days = 6, .direction = -1},
       .cells = {{"null", always({0.5, 0.5})}, {"effect", always({0.5, 0.3})}},
       .teams = {
           {R"("rule": "fixed_horizon", "alternative": "one_sided")", {.looks = {200}, .sides = Sides::one}},
           {R"("rule": "sprt", "mde": {"absolute": 0.2}, "baseline": 0.5, "looks": {"every_days": 1},
                       "alternative": "two_sided", "power": 0.9)",
            {.rule = Rule::sprt, .looks = looks, .delta = 0.2, .power = 0.9, .pair_variance = 2 * 0.4 * 0.6}},
           {R"("rule": "msprt", "mixing_sd": {"absolute": 0.2}, "looks": {"every_days": 1})",
            {.rule = Rule::msprt, .looks = looks, .mixing_sd = 0.2}}}});
}

TEST_CASE("slow simulator: non-inferiority margins", "[engine]") {
  const std::vector<i64> looks{75, 150};
  fight(
      {.world =
           R"("arms": ["old", "new", "odd"], "traffic": {"users_per_day": 150, "days": 1, "rollout_days": 1},
                     "outcome": {"type": "bernoulli", "rate": 0.6}, "effect": {"absolute": {"new": -0.05, "odd": 0.1}})",
       .slow = {.users_per_day = 150, .rollout_days = 1, .shares = {1 / 3.0, 1 / 3.0, 1 / 3.0}},
       .cells = {{"null", always({0.6, 0.6, 0.6})}, {"effect", always({0.6, 0.55, 0.7})}},
       .teams = {
           {R"("rule": "fixed_horizon", "alternative": "one_sided", "margin": {"absolute": -0.2})",
            {.looks = {150}, .sides = Sides::one, .margin = {-0.2, -0.2}}},
           {R"("rule": "naive_peeking", "margin": {"absolute": {"new": -0.25, "odd": 0.05}}, "looks": {"at_users": [75]})",
            {.rule = Rule::naive_peeking, .looks = looks, .margin = {-0.25, 0.05}}},
           {R"("rule": "msprt", "mixing_sd": {"absolute": 0.2}, "margin": {"relative": -0.3}, "baseline": 0.5)",
            {.rule = Rule::msprt, .looks = {150}, .margin = {-0.15, -0.15}, .mixing_sd = 0.2}}}});
}

TEST_CASE("slow simulator: strategies that end before the world does", "[engine]") {
  // 33.3 users a day: 33 after one day, 66, 99, 133, 166 after five; hours divide a day evenly.
  const std::vector<i64> hours{16, 33, 49, 66};
  fight(
      {.world = R"("traffic": {"users_per_day": 33.3, "days": 5, "rollout_days": 3},
                     "outcome": {"type": "normal", "mean": 0, "sd": 1}, "effect": {"absolute": 0.5})",
       .slow = {.sd = 1, .users_per_day = 33.3, .days = 5, .rollout_days = 3},
       .cells = {{"null", always({0, 0})}, {"effect", always({0, 0.5})}},
       .teams = {
           {R"("rule": "naive_peeking", "days": 2, "looks": {"every_hours": 12})",
            {.rule = Rule::naive_peeking, .test = Test::welch_t, .looks = hours}},
           {R"("rule": "fixed_horizon", "days": 4, "test": "z_unpooled")",
            {.test = Test::z_unpooled, .looks = {133}}},
           {R"("rule": "naive_peeking", "looks": {"at_days": [1, 3]}, "test": "student_t", "alpha": 0.01)",
            {.rule = Rule::naive_peeking, .test = Test::student_t, .looks = {33, 99, 166}, .alpha = 0.01}}}});
}

TEST_CASE("slow simulator: a drawn baseline under a fixed lift", "[engine]") {
  const auto beta_rate = [](double lift) -> SlowMeans {
    return [lift](std::mt19937_64& engine) {
      std::gamma_distribution<double> a(4), b(8);
      double p = 1;
      while (p > 0.7) {  // truncated by its author, so that no rate leaves [0, 1]
        const double x = a(engine);
        p = x / (x + b(engine));
      }
      return std::vector<double>{p, p * (1 + lift)};
    };
  };
  const std::vector<i64> looks = slow_user_looks(180, 45, 45);
  fight(
      {.world = R"("traffic": {"users_per_day": 90, "days": 2, "rollout_days": 1},
                     "outcome": {"type": "bernoulli", "rate": {"type": "beta", "a": 4, "b": 8, "max": 0.7}},
                     "effect": {"relative": 0.4})",
       .slow = {.users_per_day = 90, .days = 2, .rollout_days = 1},
       .cells = {{"null", beta_rate(0)}, {"effect", beta_rate(0.4)}},
       .teams = {
           {R"("rule": "naive_peeking", "looks": {"equally_spaced": 4})",
            {.rule = Rule::naive_peeking, .looks = looks}},
           {R"("rule": "sprt", "mde": {"absolute": 0.13}, "variance": "plug_in", "looks": {"equally_spaced": 4})",
            {.rule = Rule::sprt, .looks = looks, .sides = Sides::one, .delta = 0.13}}}});
}

TEST_CASE("slow simulator: a look after every single user", "[engine]") {
  const std::vector<i64> every = slow_user_looks(60, 1, 1);
  fight(
      {.world = R"("traffic": {"users_per_day": 60, "days": 1, "rollout_days": 1},
                     "outcome": {"type": "bernoulli", "rate": 0.5}, "effect": {"absolute": 0.25})",
       .slow = {.users_per_day = 60, .rollout_days = 1},
       .cells = {{"null", always({0.5, 0.5})}, {"effect", always({0.5, 0.75})}},
       .teams = {
           {R"("rule": "naive_peeking", "looks": {"every_users": 1})",
            {.rule = Rule::naive_peeking, .looks = every}},
           {R"("rule": "sprt", "mde": {"absolute": 0.25}, "variance": "plug_in", "looks": {"every_users": 1})",
            {.rule = Rule::sprt, .looks = every, .sides = Sides::one, .delta = 0.25}},
           {R"("rule": "naive_peeking", "test": "welch_t", "looks": {"every_users": 5, "from": 10})",
            {.rule = Rule::naive_peeking, .test = Test::welch_t, .looks = slow_user_looks(60, 5, 10)}}}});
}

TEST_CASE("slow simulator: mixtures and SPRTs of several treatments with known variance", "[engine]") {
  const std::vector<i64> looks = slow_user_looks(200, 40, 40);
  fight(
      {.world = R"("arms": 4, "traffic": {"users_per_day": 200, "days": 1, "rollout_days": 1},
                     "outcome": {"type": "normal", "mean": 10, "sd": 2}, "effect": {"relative": [0.1, 0.05, -0.08]})",
       .slow = {.sd = 2, .users_per_day = 200, .rollout_days = 1, .shares = {0.25, 0.25, 0.25, 0.25}},
       .cells = {{"null", always({10, 10, 10, 10})}, {"effect", always({10, 11, 10.5, 9.2})}},
       .teams = {
           {R"("rule": "sprt", "mde": {"absolute": 1}, "variance": 8, "alternative": "two_sided",
                       "correction": "bonferroni", "looks": {"every_users": 40})",
            {.rule = Rule::sprt,
             .looks = looks,
             .correction = Correction::bonferroni,
             .delta = 1,
             .pair_variance = 8}},
           {R"("rule": "msprt", "mixing_sd": {"absolute": 1}, "variance": 8, "alpha": 0.3, "looks": {"every_users": 40})",
            {.rule = Rule::msprt, .looks = looks, .alpha = 0.3, .pair_variance = 8, .mixing_sd = 1}},
           {R"("rule": "naive_peeking", "test": {"type": "z_known", "sd": 2}, "looks": {"every_users": 40})",
            {.rule = Rule::naive_peeking, .test = Test::z_known, .looks = looks, .known_sd = 2}}}});
}

}  // namespace
}  // namespace windtunnel

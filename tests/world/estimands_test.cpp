#include "windtunnel/world/estimands.hpp"

#include <fmt/format.h>

#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include "support/catch.hpp"
#include "support/sample_files.hpp"
#include "windtunnel/engine/scenario.hpp"

/// True values of quantiles and ranks, against closed forms.
namespace windtunnel {
namespace {

World world_of(const std::string& inside, World::Twin twin = World::Twin::none) {
  const std::string text = fmt::format(
      R"({{"windtunnel": 1, "world": {{"traffic": {{"users_per_day": 100, "days": 14}}, {}}},
          "strategies": {{"s": {{"rule": "fixed_horizon"}}}}}})",
      inside);
  return World(read_scenario(text, "test", registry(), {}, sample_file).grid[0].world, 1, twin);
}

constexpr Estimand kRanks{Estimand::Kind::ranks};

Estimand quantile(double p) {
  return {Estimand::Kind::quantiles, p};
}

double value(const std::string& inside, const Estimand& estimand, int segment = -1, std::size_t arm = 1) {
  const auto values = world_of(inside).true_values(estimand, segment);
  REQUIRE(values.has_value());
  CHECK((*values)[0] == 0);
  return (*values)[arm];
}

double normal(double x) {
  return boost::math::cdf(boost::math::normal(), x);
}

double normal_quantile(double p) {
  return boost::math::quantile(boost::math::normal(), p);
}

// Ranks are promised to 1e-5, quantiles to the last bits of what the distribution functions hold.

TEST_CASE("true values: normal outcomes shift all quantiles, and ranks by P(N(0, 2) > -d)", "[world]") {
  const std::string world =
      R"("arms": 3, "outcome": {"type": "normal", "mean": 3, "sd": 2}, "effect": {"absolute": [0.8, -1.5]})";
  for (const double p : {0.01, 0.5, 0.9}) {
    CHECK(value(world, quantile(p)) == Approx(0.8).epsilon(1e-10));
    CHECK(value(world, quantile(p), -1, 2) == Approx(-1.5).epsilon(1e-10));
  }
  CHECK(value(world, kRanks) == Approx(normal(0.4 / std::sqrt(2)) - 0.5).margin(1e-5));
  CHECK(value(world, kRanks, -1, 2) == Approx(normal(-0.75 / std::sqrt(2)) - 0.5).margin(1e-5));
}

TEST_CASE("true values: lognormal outcomes are multiplied", "[world]") {
  const std::string world =
      R"("outcome": {"type": "lognormal", "log_mean": 5, "log_sd": 0.7}, "effect": {"relative": -0.1})";
  for (const double p : {0.5, 0.9, 0.99})
    CHECK(value(world, quantile(p)) == Approx(-0.1 * std::exp(5 + 0.7 * normal_quantile(p))).epsilon(1e-10));
  CHECK(value(world, kRanks) == Approx(normal(std::log(0.9) / (0.7 * std::sqrt(2))) - 0.5).margin(1e-5));
}

TEST_CASE("true values: of 0 and 1 half the difference, and steps of quantiles", "[world]") {
  const std::string world = R"("outcome": {"type": "bernoulli", "rate": 0.45}, "effect": {"absolute": 0.1})";
  CHECK(value(world, kRanks) == Approx(0.05).epsilon(1e-12));
  CHECK(value(world, quantile(0.5)) == 1);   // 45 % and 55 % of ones
  CHECK(value(world, quantile(0.44)) == 0);  // nothing in both
  CHECK(value(world, quantile(0.6)) == 0);   // one in both
}

TEST_CASE("true values: revenue that more users pay, or pay more of", "[world]") {
  const auto world = [](const char* on) {
    return fmt::format(
        R"("outcome": {{"type": "revenue", "payer_rate": 0.2, "log_mean": 1, "log_sd": 1.2}},
           "effect": {{"relative": 0.5, "on": "{}"}})",
        on);
  };
  // Amounts: payers of the treatment beat the 80 % who do not pay, and payers as their logarithms differ.
  const double beats = normal(std::log(1.5) / (1.2 * std::sqrt(2)));
  CHECK(value(world("amount"), kRanks) == Approx(0.2 * 0.2 * (beats - 0.5)).margin(1e-5));
  CHECK(value(world("conversion"), kRanks) == Approx((0.3 - 0.2) / 2).margin(1e-5));
  CHECK(value(world("amount"), quantile(0.5)) == 0);
  const double amount = std::exp(1 + 1.2 * normal_quantile(0.5));  // the .9-quantile is the median payer's
  CHECK(value(world("amount"), quantile(0.9)) == Approx(0.5 * amount).epsilon(1e-10));
  const double more = std::exp(1 + 1.2 * normal_quantile(2.0 / 3));  // of 30 %: two thirds pay less
  CHECK(value(world("conversion"), quantile(0.9)) == Approx(more - amount).epsilon(1e-9));
}

TEST_CASE("true values: counts tie", "[world]") {
  const std::string world = R"("outcome": {"type": "poisson", "mean": 1.5}, "effect": {"absolute": 0.7})";
  const auto mass = [](int k, double mean) {
    return std::exp(k * std::log(mean) - mean - std::lgamma(k + 1.0));
  };
  double superiority = -0.5;
  for (int k = 0; k < 40; ++k)
    for (int j = 0; j <= k; ++j) superiority += mass(k, 2.2) * mass(j, 1.5) * (j == k ? 0.5 : 1);
  CHECK(value(world, kRanks) == Approx(superiority).margin(1e-5));
  CHECK(value(world, quantile(0.5)) == 1);  // medians 1 and 2
}

TEST_CASE("true values: the population is mixed over strata and a week, transients off", "[world]") {
  const std::string world =
      R"("outcome": {"type": "normal", "mean": 4, "sd": 0.5}, "effect": {"relative": 0.25},
         "features": {"segments": {"a": {"share": 0.3, "rate_multiplier": 2},
                                   "b": {"share": 0.7, "effect_multiplier": 2}},
                      "weekday": {"traffic": [1, 1, 1, 1, 1, 3, 0], "rate": [1, 1, 1, 1, 1, 0.5, 9]},
                      "novelty": {"relative": 3, "half_life_days": 2}, "leakage": {"rate": 0.3}})";
  // Five users in eight come on days of rate 1, three at rate 1/2.
  const auto cdf = [](double x, bool treated) {
    double total = 0;
    for (const auto& [share, rate, effect] : {std::tuple{0.3, 2.0, 0.25}, std::tuple{0.7, 1.0, 0.5}})
      for (const auto& [traffic, day] : {std::pair{5.0 / 8, 1.0}, std::pair{3.0 / 8, 0.5}})
        total += share * traffic * normal((x - 4 * rate * day * (treated ? 1 + effect : 1)) / 0.5);
    return total;
  };
  for (const double p : {0.2, 0.5, 0.9}) {
    double quantiles[2];
    for (const bool treated : {false, true}) {
      double low = -20, high = 40;
      for (int i = 0; i < 200; ++i) (cdf(0.5 * (low + high), treated) < p ? low : high) = 0.5 * (low + high);
      quantiles[treated ? 1 : 0] = high;
    }
    CHECK(value(world, quantile(p)) == Approx(quantiles[1] - quantiles[0]).epsilon(1e-9));
  }
  // In one segment alone: means 4 and 2 against 6 and 3, weights 5/8 and 3/8, in units of .5 sqrt(2).
  const auto beats = [](double t, double c) { return normal((t - c) / (0.5 * std::sqrt(2))); };
  const double expected =
      25.0 / 64 * beats(6, 4) + 15.0 / 64 * (beats(6, 2) + beats(3, 4)) + 9.0 / 64 * beats(3, 2);
  CHECK(value(world, kRanks, 1) == Approx(expected - 0.5).margin(1e-5));
}

TEST_CASE("true values: the means they rest on have the lasting effect", "[world]") {
  const World world = world_of(
      R"("arms": 3, "outcome": {"type": "normal", "mean": 4, "sd": 1}, "effect": {"relative": [0.25, -0.1]},
         "features": {"segments": {"a": {"share": 0.3, "rate_multiplier": 2}, "b": {"share": 0.7, "effect_multiplier": 2}},
                      "weekday": {"traffic": [1, 2, 1, 1, 1, 3, 0.5], "rate": [1, 1, 1, 1, 1, 0.5, 2],
                                  "effect": [1, 0, 2, 1, 1, 1, 1]}})");
  Truth truth;
  world.reveal(0, 1, truth);
  const Means means(world.climate(), {Distribution::point(4)});
  for (int segment = -1; segment < 2; ++segment)
    for (int arm = 1; arm < 3; ++arm) {
      double effect = 0, weight = 0;
      for (const Stratum& stratum : world.climate().strata)
        for (int day = 0; day < Climate::kWeek; ++day) {
          if (segment >= 0 && stratum.segment != segment) continue;
          const double users = stratum.share * world.climate().traffic[static_cast<std::size_t>(day)];
          effect += users * (means.lasting_mean(truth, day, arm, stratum, 0) -
                             means.lasting_mean(truth, day, 0, stratum, 0));
          weight += users;
        }
      CHECK(effect / weight == Approx(truth.lasting.row(truth.lasting_row(segment, arm))[0]).epsilon(1e-12));
    }
}

TEST_CASE("true values: arms that are alike differ in nothing, drawn means are not known", "[world]") {
  const char* drawn =
      R"("outcome": {"type": "normal", "mean": {"type": "normal", "mean": 0, "sd": 1}, "sd": 1})";
  for (const Estimand& estimand : {kRanks, quantile(0.9)}) {
    const World alike = world_of(R"("outcome": {"type": "poisson", "mean": 3}, "effect": {"relative": 0.2},
                                    "features": {"novelty": {"relative": 0.4, "half_life_days": 3}})",
                                 World::Twin::null);
    CHECK(alike.true_values(estimand, -1) == std::vector<double>{0, 0});
    CHECK(world_of(drawn).true_values(estimand, -1) == std::vector<double>{0, 0});
    CHECK_FALSE(world_of(std::string(drawn) + R"(, "effect": {"absolute": 0.1})").true_values(estimand, -1));
    CHECK_FALSE(world_of(R"("outcome": {"type": "poisson", "mean": 3}, "effect": {"relative": 0.2},
                            "features": {"returning_users": {"probability": 0.3}})")
                    .true_values(estimand, -1));
    // What primacy keeps legal at first is not once it has gone.
    CHECK_FALSE(
        world_of(R"("outcome": {"type": "beta", "mean": 0.6, "concentration": 5}, "effect": {"relative": 0.8},
                            "features": {"novelty": {"relative": -0.5, "half_life_days": 1000}})")
            .true_values(estimand, -1));
  }
}

}  // namespace
}  // namespace windtunnel

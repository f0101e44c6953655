#include "windtunnel/world/means.hpp"

#include <cmath>

#include "support/catch.hpp"
#include "windtunnel/core/reader.hpp"
#include "windtunnel/world/features/carryover.hpp"
#include "windtunnel/world/features/leakage.hpp"
#include "windtunnel/world/features/novelty.hpp"
#include "windtunnel/world/features/weekday.hpp"

namespace windtunnel {
namespace {

template <class Leaf>
Leaf made(const char* parameters) {
  Leaf leaf;
  const Json json = Json::parse(parameters);
  Reading reading;
  ObjectReader reader(json, "", reading);
  leaf.describe(reader);
  reader.finish("feature");
  REQUIRE(reading.complaints() == 0);
  return leaf;
}

LiftTerm lasting(Lift::Scale scale, double lift) {
  LiftTerm term;
  term.scale = scale;
  term.law = {Distribution::point(0), Distribution::point(lift)};
  return term;
}

/// A world of two arms whose control has the mean 2.
struct TwoArms {
  Climate climate;
  Truth truth;

  TwoArms(Lift::Scale scale, double lift, int days)
      : climate({"control", "treatment"}, days, lasting(scale, lift)) {}

  Means means() {
    climate.simplify();
    Means all(climate, {Distribution::point(2)});
    const Random random(1, Purpose::truth);
    all.draw({&random, 0}, 1, truth);
    return all;
  }
};

TEST_CASE("means: every term has its day, its arm and its stratum", "[world]") {
  TwoArms world(Lift::Scale::relative, 0.1, 9);
  made<Novelty>(R"({"relative": 0.4, "half_life_days": 2})").shape(world.climate);
  made<Weekday>(R"({"rate": [1, 1, 1, 1, 1, 0.5, 0.25], "effect": [1, 1, 1, 1, 1, 2, 3]})")
      .shape(world.climate);
  made<Carryover>(R"({"absolute": 0.7, "overlap": 0.5, "half_life_days": 1})").shape(world.climate);
  const Means means = world.means();
  REQUIRE(means.epochs() == 9);
  for (int day = 0; day < 9; ++day) {
    const double rate = day % 7 == 5   ? 0.5
                        : day % 7 == 6 ? 0.25
                                       : 1,
                 weight = day % 7 == 5   ? 2
                          : day % 7 == 6 ? 3
                                         : 1;
    const double fading = std::exp2(-day / 2.0), carried = 0.7 * std::exp2(-day);
    CHECK(means.of_arm(world.truth, day, 0, 0) == Approx(2 * rate + carried * 0.25).epsilon(1e-13));
    CHECK(means.of_arm(world.truth, day, 1, 0) ==
          Approx(2 * rate * (1 + 0.1 * weight + 0.4 * fading) + carried * 0.75).epsilon(1e-13));
  }
}

TEST_CASE("means: the lasting effect is that of one full week without transients", "[world]") {
  const char* week =
      R"({"starts": "sunday", "traffic": [1, 2, 1, 1, 1, 3, 1], "rate": [1, 1, 1, 1, 1, 0.5, 1],
                         "effect": [1, 1, 1, 1, 1, 2, 0]})";
  for (const auto& [scale, expected] :
       {std::pair(Lift::Scale::relative, 2 * 0.1 * (1 + 2 + 1 + 1 + 1 + 3 * 0.5 * 2 + 0) / 10.0),
        std::pair(Lift::Scale::absolute, 0.1 * (1 + 2 + 1 + 1 + 1 + 3 * 2 + 0) / 10.0)}) {
    TwoArms world(scale, 0.1, 3);  // even if the horizon is shorter
    made<Weekday>(week).shape(world.climate);
    made<Novelty>(R"({"relative": 5, "half_life_days": 2})").shape(world.climate);
    made<Leakage>(R"({"rate": 0.3, "direction": "two_way"})").shape(world.climate);
    const Means means = world.means();
    CHECK(means.lasting(world.truth, -1, 0, 0) == 0);
    CHECK(means.lasting(world.truth, -1, 1, 0) == Approx(expected).epsilon(1e-13));
  }
}

TEST_CASE("means: leaking users have the mean of the arm they are served", "[world]") {
  TwoArms world(Lift::Scale::absolute, 1, 1);
  made<Leakage>(R"({"rate": 0.25, "direction": "two_way"})").shape(world.climate);
  const Means means = world.means();
  CHECK(means.of_arm(world.truth, 0, 0, 0) == Approx(2.25));
  CHECK(means.of_arm(world.truth, 0, 1, 0) == Approx(2.75));
}

TEST_CASE("means: what makes no difference is forgotten", "[world]") {
  TwoArms world(Lift::Scale::relative, 0.1, 20);
  made<Novelty>(R"({"absolute": 0, "half_life_days": 2})").shape(world.climate);
  made<Carryover>(R"({"relative": 0, "overlap": 0.3, "half_life_days": 2})").shape(world.climate);
  made<Leakage>(R"({"rate": 0})").shape(world.climate);
  const Means means = world.means();
  CHECK(means.epochs() == 1);
  CHECK(means.climate().terms.size() == 1);
  CHECK(means.climate().strata.size() == 1);
}

TEST_CASE("means: support and magnitude enclose what can be drawn", "[world]") {
  Distribution effect;
  effect.type = Distribution::Type::beta;
  effect.minimum = 0.2;
  LiftTerm term = lasting(Lift::Scale::relative, 0);
  term.law[1] = effect;
  Climate climate({"control", "treatment"}, 2, term);
  Distribution level;
  level.type = Distribution::Type::normal;
  level.minimum = -1;
  level.maximum = 3;
  const Means means(climate, {level});
  const auto [low, high] = means.support(0, 1, means.climate().strata[0]);
  CHECK(low == Approx(-2));
  CHECK(high == Approx(6));
  CHECK(means.magnitude() == Approx(6));
  CHECK(means.are_drawn());
  CHECK_FALSE(means.lasting_surrounds_zero());
}

}  // namespace
}  // namespace windtunnel

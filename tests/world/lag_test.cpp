#include "windtunnel/world/lag.hpp"

#include <cmath>

#include "support/catch.hpp"

/// When outcomes become known.
namespace windtunnel {
namespace {

TEST_CASE("lag: a chance every day is a geometric law", "[world]") {
  const Lag lag{0.3, 0};
  CHECK(lag.is_felt());
  CHECK(lag.is_memoryless());
  CHECK(lag.survival(-5) == 1);
  CHECK(lag.survival(-1) == 1);
  for (int age = 0; age < 9; ++age) CHECK(lag.survival(age) == Approx(std::pow(0.7, age + 1)).epsilon(1e-14));
}

TEST_CASE("lag: a fixed number of days is known to the day", "[world]") {
  const Lag lag{1, 3};
  CHECK(lag.is_felt());
  CHECK_FALSE(lag.is_memoryless());
  CHECK(lag.survival(2) == 1);
  CHECK(lag.survival(3) == 0);
  CHECK(lag.chance(-1, 0) == 0);
  CHECK(lag.chance(1, 2) == 0);
  CHECK(lag.chance(1, 4) == 1);
}

TEST_CASE("lag: chances are what survival says of those who still wait", "[world]") {
  for (const Lag& lag : {Lag{0.3, 0}, Lag{0.05, 2}, Lag{1, 4}})
    for (int before = -1; before < 7; ++before)
      for (int now = before + 1; now < 9; ++now) {
        if (lag.survival(before) == 0) continue;
        CAPTURE(lag.daily_probability, lag.days, before, now);
        CHECK(lag.chance(before, now) ==
              Approx(1 - lag.survival(now) / lag.survival(before)).epsilon(1e-13).margin(1e-15));
      }
}

TEST_CASE("lag: without one everything is known at once", "[world]") {
  const Lag none;
  CHECK_FALSE(none.is_felt());
  CHECK(none.survival(0) == 0);
  CHECK(none.chance(-1, 0) == 1);
}

}  // namespace
}  // namespace windtunnel

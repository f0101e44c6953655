#include "windtunnel/data/returns.hpp"

#include "support/catch.hpp"

/// Visits that users are expected to make.
namespace windtunnel {
namespace {

TEST_CASE("returns: without any a visit is a user", "[data]") {
  const Calendar calendar({10, 10, 10}, 3);
  for (const Returns& none : {Returns(), Returns(0, calendar)}) {
    CHECK(none.visits(25) == 25);
    CHECK(none.per_user() == 1);
    CHECK(none.most() == 1);
  }
}

TEST_CASE("returns: every day of the experiment begins with those of all earlier users", "[data]") {
  const Returns half(0.5, Calendar({10, 20, 30, 40}, 3));  // the last day is rollout
  CHECK(half.most() == 3);
  CHECK(half.visits(10) == 10);      // the second day has not begun
  CHECK(half.visits(11) == 11 + 5);  // ten users, half of whom return
  CHECK(half.visits(30) == 30 + 5);
  CHECK(half.visits(31) == 31 + 5 + 15);
  CHECK(half.visits(100) == 100 + 5 + 15);
  // 10 users with two later days, 20 with one, 30 with none: (10 * 2 + 20 * 1.5 + 30) / 60.
  CHECK(half.per_user() == Approx(80.0 / 60).epsilon(1e-15));
}

TEST_CASE("returns: a day on which nobody comes is none", "[data]") {
  const Returns often(1, Calendar({0, 10, 0, 10, 0}, 5));
  CHECK(often.most() == 2);
  CHECK(often.visits(20) == 30);
  CHECK(often.per_user() == 1.5);
}

}  // namespace
}  // namespace windtunnel

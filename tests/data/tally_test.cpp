#include "windtunnel/data/tally.hpp"

#include <stdexcept>

#include "support/catch.hpp"
#include "windtunnel/core/exact_sum.hpp"

using namespace windtunnel;

namespace {

constexpr i128 kLargest = ~(i128{1} << 127);

}  // namespace

TEST_CASE("tally: adds slot by slot", "[data]") {
  Tally sum{{1, -5, i128{1} << 100}};
  sum.add(Tally{{2, 3, i128{1} << 100}});
  CHECK((sum == Tally{{3, -2, i128{1} << 101}}));
}

TEST_CASE("tally: more than 128 bits is an error and changes nothing", "[data]") {
  Tally sum{{7, kLargest}};
  CHECK_THROWS_AS(sum.add(Tally{{1, 1}}), OverflowError);
  CHECK((sum == Tally{{7, kLargest}}));
  sum.add(Tally{{0, -kLargest}});
  CHECK((sum == Tally{{7, 0}}));
}

TEST_CASE("tally: another shape cannot be added", "[data]") {
  Tally sum{{1, 2}};
  CHECK_THROWS_AS(sum.add(Tally{{1}}), std::logic_error);
}

#include "windtunnel/measures/pair_columns.hpp"

#include <vector>

#include "support/catch.hpp"

namespace windtunnel {
namespace {

TEST_CASE("pair columns: differences of any columns are those taken lane by lane", "[measures]") {
  // Bits, whole words of them or not, and columns with one number that is no bit.
  for (const int lanes : {1, 63, 64, 65, 200, 512})
    for (const double other : {0.0, 1.0, 2.0, -1.0}) {
      std::vector<double> left, right;
      i64 sum = 0, squares = 0;
      for (int l = 0; l < lanes; ++l) {
        left.push_back(l * 7 % 3 == 0 ? 1 : 0);
        right.push_back(l * 5 % 4 == 1 ? 1 : 0);
      }
      right.back() = other;
      for (std::size_t l = 0; l < left.size(); ++l) {
        const auto difference = static_cast<i64>(left[l] - right[l]);
        sum += difference;
        squares += difference * difference;
      }
      PairColumns columns;
      columns.begin(2, lanes);
      columns.set(0, left, Grid(0));
      columns.set(1, right, Grid(0));
      CAPTURE(lanes, other);
      const Moments found = columns.difference(0, 1);
      CHECK((found.sum == sum));
      CHECK((found.squares == squares));
    }
}

}  // namespace
}  // namespace windtunnel

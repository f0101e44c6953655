#include "windtunnel/core/lane_set.hpp"

#include <random>
#include <set>

#include "support/catch.hpp"
#include "windtunnel/data/table.hpp"

using namespace windtunnel;

namespace {

std::set<int> members(const LaneSet& lanes) {
  std::set<int> found;
  lanes.each([&](int lane) { CHECK(found.insert(lane).second); });
  return found;
}

}  // namespace

TEST_CASE("lane set: lanes move as they would between sets of numbers", "[core]") {
  std::mt19937 engine(1);
  for (const int size : {1, 3, 16, 17, 127, 128, 511, 512, 513, 1024, 1500}) {
    CAPTURE(size);
    LaneSet left, moved;
    left.fill(size);
    std::set<int> expected_left;
    for (int l = 0; l < size; ++l) expected_left.insert(l);
    CHECK(members(left) == expected_left);
    Table<i32> flags;
    flags.assign(1, size);
    for (int round = 0; round < 4; ++round) {
      std::set<int> expected_moved;
      for (int l = 0; l < size; ++l) {
        // Any number but 0 is a flag, also of lanes that have left.
        flags.row(0)[l] = engine() % 3 == 0 ? static_cast<i32>(engine() % 7) - 3 : 0;
        if (flags.row(0)[l] != 0 && expected_left.erase(l) > 0) expected_moved.insert(l);
      }
      CHECK(left.move_flagged(flags.row(0), size, moved) == static_cast<int>(expected_moved.size()));
      CHECK(members(moved) == expected_moved);
      CHECK(members(left) == expected_left);
      moved.spread(size, flags.row(0));
      for (int l = 0; l < size; ++l) CHECK(flags.row(0)[l] == (expected_moved.contains(l) ? 1 : 0));
    }
    left.move_all(moved);
    CHECK(members(left).empty());
    CHECK(members(moved) == expected_left);
  }
}

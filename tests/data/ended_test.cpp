#include "windtunnel/data/ended.hpp"

#include <array>
#include <vector>

#include "support/catch.hpp"

namespace windtunnel {
namespace {

TEST_CASE("ended lanes: a list and a mask write the same lanes and leave the others alone", "[data]") {
  constexpr int kLanes = 37;  // no whole number of vectors
  std::array<i32, kLanes> mask{};
  std::vector<int> list;
  for (int l = 0; l < kLanes; ++l) {
    if (l % 3 == 0) continue;
    mask[static_cast<std::size_t>(l)] = 1;
    list.push_back(l);
  }
  const auto written = [](const EndedLanes& ended) {
    std::array<double, kLanes> column;
    column.fill(-1);
    double* out = column.data();
    ended.each([=](int l, auto put) { put(out[l], l + 0.5); });
    return column;
  };
  const auto by_list = written(EndedLanes(list));
  CHECK(by_list == written(EndedLanes(mask.data(), kLanes)));
  CHECK(by_list[0] == -1);
  CHECK(by_list[1] == 1.5);
  for (const EndedLanes& ended : {EndedLanes(list), EndedLanes(mask.data(), kLanes)}) {
    std::vector<int> visited;
    ended.one_by_one([&](int l) { visited.push_back(l); });
    CHECK(visited == list);
  }
}

}  // namespace
}  // namespace windtunnel

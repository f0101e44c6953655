#include "windtunnel/engine/ranges.hpp"

#include <random>
#include <stdexcept>
#include <vector>

#include "support/catch.hpp"

namespace windtunnel {
namespace {

TEST_CASE("ranges: touching ones join", "[engine]") {
  RangeSet set;
  set.add({10, 5});
  set.add({20, 5});
  CHECK(set.ranges() == std::vector<ReplicationRange>{{10, 5}, {20, 5}});
  set.add({15, 5});
  CHECK(set == RangeSet({10, 15}));
  set.add({25, 1});
  set.add({0, 9});
  CHECK(set.ranges() == std::vector<ReplicationRange>{{0, 9}, {10, 16}});
  CHECK(set.count() == 25);
}

TEST_CASE("ranges: nothing adds nothing", "[engine]") {
  RangeSet set({5, 5});
  set.add({7, 0});
  CHECK(set == RangeSet({5, 5}));
  CHECK(RangeSet({3, 0}).ranges().empty());
}

TEST_CASE("ranges: a replication cannot be counted twice", "[engine]") {
  RangeSet set;
  set.add({10, 10});
  set.add({30, 10});
  for (ReplicationRange range :
       {ReplicationRange{10, 10}, {5, 6}, {19, 1}, {15, 20}, {0, 100}, {39, 5}, {29, 2}}) {
    CHECK(set.overlaps(range));
    CHECK_THROWS_AS(set.add(range), std::logic_error);
  }
  for (ReplicationRange range : {ReplicationRange{0, 10}, {20, 10}, {40, 1}})
    CHECK_FALSE(set.overlaps(range));
  CHECK(set.count() == 20);
}

TEST_CASE("ranges: what is missing completes the set", "[engine]") {
  RangeSet set;
  set.add({2, 3});
  set.add({8, 2});
  CHECK(set.missing_from({0, 12}).ranges() == std::vector<ReplicationRange>{{0, 2}, {5, 3}, {10, 2}});
  CHECK(set.missing_from({3, 6}) == RangeSet({5, 3}));
  CHECK(set.missing_from({2, 3}).count() == 0);
  CHECK(set.missing_from({20, 4}) == RangeSet({20, 4}));
  CHECK(RangeSet().missing_from({0, 4}) == RangeSet({0, 4}));
}

TEST_CASE("ranges: they are sets of numbers", "[engine]") {
  constexpr int kNumbers = 60;
  std::mt19937 engine(11);
  const auto below = [&](int n) { return static_cast<int>(engine() % static_cast<unsigned>(n)); };
  for (int round = 0; round < 200; ++round) {
    RangeSet set;
    std::vector<int> holds(kNumbers, 0);
    for (int i = 0; i < 12; ++i) {
      const int first = below(kNumbers), count = below(kNumbers - first + 1) % 8;
      const ReplicationRange range{first, count};
      int held = 0;
      for (int x = first; x < first + count; ++x) held += holds[static_cast<std::size_t>(x)];
      CHECK(set.overlaps(range) == (held > 0));
      if (held > 0) continue;
      set.add(range);
      for (int x = first; x < first + count; ++x) holds[static_cast<std::size_t>(x)] = 1;
    }
    RangeSet all = set;
    const RangeSet missing = set.missing_from({0, kNumbers});
    for (ReplicationRange gap : missing.ranges()) all.add(gap);
    CHECK(all == RangeSet({0, kNumbers}));
    for (int x = 0; x < kNumbers; ++x)
      CHECK(set.overlaps({x, 1}) == (holds[static_cast<std::size_t>(x)] == 1));
  }
}

TEST_CASE("ranges: shards are disjoint and together everything", "[engine]") {
  for (i64 replications : {i64{1}, i64{7}, i64{100}, i64{1'000'003}, i64{1} << 48})
    for (int shards : {1, 2, 7, 1000}) {
      RangeSet all;
      i64 least = replications, most = 0;
      for (int i = 1; i <= shards; ++i) {
        const ReplicationRange shard = shard_range(replications, i, shards);
        all.add(shard);
        least = std::min(least, shard.count);
        most = std::max(most, shard.count);
      }
      CHECK(all == RangeSet({0, replications}));
      CHECK(most - least <= 1);
    }
}

}  // namespace
}  // namespace windtunnel

#include "support/catch.hpp"
#include "windtunnel/core/error.hpp"
#include "windtunnel/report/result_json.hpp"

using namespace windtunnel;

namespace {

StoredResult stored(const std::string& file, ReplicationRange range, std::vector<i128> slots,
                    const std::string& hash = "aa") {
  return {file, "name of " + file, "{}", hash, {RangeSet(range), {{std::move(slots)}}}};
}

std::string complaint(std::vector<StoredResult> results) {
  try {
    merge_results(std::move(results));
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("merge: tallies add whatever the order", "[report]") {
  const StoredResult a = stored("a", {0, 10}, {10, 3}), b = stored("b", {10, 5}, {5, -1}),
                     c = stored("c", {20, 2}, {2, 7});
  RangeSet done({0, 15});
  done.add({20, 2});
  for (const std::vector<StoredResult>& order :
       {std::vector{a, b, c}, std::vector{c, b, a}, std::vector{b, a, c}}) {
    const StoredResult merged = merge_results(order);
    CHECK(merged.name == "name of a");
    CHECK(merged.progress.done == done);
    CHECK(merged.progress.tallies == std::vector<Tally>{{{17, 9}}});
  }
}

TEST_CASE("merge: one result is merged already", "[report]") {
  CHECK(merge_results({stored("a", {3, 4}, {4})}).progress.done == RangeSet({3, 4}));
}

TEST_CASE("merge: what cannot be added is told with files and replications", "[report]") {
  CHECK(complaint({stored("a.json", {0, 10}, {10}), stored("b.json", {7, 10}, {10})}) ==
        "b.json: cannot be merged with a.json: both hold replications 7 to 9");
  CHECK(
      complaint({stored("a.json", {0, 10}, {10}), stored("b.json", {10, 10}, {10}, "bb")}) ==
      "b.json: cannot be merged with a.json: it belongs to another scenario or seed (hash bb instead of aa)");
  CHECK(complaint({stored("a.json", {0, 10}, {10}), stored("b.json", {10, 10}, {10, 1})}) ==
        "b.json: cannot be merged with a.json: its tallies have other sizes");
}

TEST_CASE("merge: all problems are told at once", "[report]") {
  CHECK(complaint({stored("a", {0, 10}, {10}), stored("b", {5, 10}, {10}), stored("c", {0, 1}, {1}, "bb"),
                   stored("d", {14, 1}, {1})}) ==
        "b: cannot be merged with a: both hold replications 5 to 9\n"
        "c: cannot be merged with a: it belongs to another scenario or seed (hash bb instead of aa)\n"
        "d: cannot be merged with b: both hold replications 14 to 14");
}

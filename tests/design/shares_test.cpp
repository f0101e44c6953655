#include "windtunnel/design/shares.hpp"

#include <cmath>
#include <numeric>

#include "support/catch.hpp"

namespace windtunnel {
namespace {

using Counts = std::vector<i64>;

TEST_CASE("largest remainder: ties go to the lower index", "[design]") {
  const std::vector<double> even{0.5, 0.5}, thirds{1.0 / 3, 1.0 / 3, 1.0 / 3};
  CHECK(largest_remainder(even, 7) == Counts{4, 3});
  CHECK(largest_remainder(thirds, 7) == Counts{3, 2, 2});
  CHECK(largest_remainder(thirds, 8) == Counts{3, 3, 2});
  CHECK(largest_remainder(thirds, 9) == Counts{3, 3, 3});
}

TEST_CASE("largest remainder: the largest fractions are rounded up", "[design]") {
  CHECK(largest_remainder(std::vector{0.6, 0.25, 0.15}, 10) == Counts{6, 3, 1});
  CHECK(largest_remainder(std::vector{6.0 / 14, 6.0 / 14, 2.0 / 14}, 10) == Counts{4, 4, 2});
  CHECK(largest_remainder(std::vector{6.0 / 14, 6.0 / 14, 2.0 / 14}, 11) == Counts{5, 5, 1});
}

TEST_CASE("largest remainder: shares whose decimals are not doubles split whole numbers exactly",
          "[design]") {
  for (i64 percent = 1; percent < 100; ++percent) {
    const double share = static_cast<double>(percent) / 100;
    for (i64 hundreds : {1, 7, 1000, 123457}) {
      const Counts expected{percent * hundreds, (100 - percent) * hundreds};
      CHECK(largest_remainder(std::vector{share, 1 - share}, 100 * hundreds) == expected);
    }
  }
}

TEST_CASE("largest remainder: counts add up and stay within one of the quota", "[design]") {
  const std::vector<double> shares{0.07, 0.31, 0.12, 0.2, 0.3};
  for (i64 users : {0, 1, 2, 3, 17, 1001, 2000000011}) {
    const Counts counts = largest_remainder(shares, users);
    CHECK(std::accumulate(counts.begin(), counts.end(), i64{0}) == users);
    for (std::size_t a = 0; a < shares.size(); ++a)
      CHECK(std::fabs(static_cast<double>(counts[a]) - shares[a] * static_cast<double>(users)) < 1);
  }
}

TEST_CASE("next users: nobody is taken back where the method of largest remainders would", "[design]") {
  const std::vector<double> shares{6.0 / 14, 6.0 / 14, 2.0 / 14};  // 4 4 2 of 10 but 5 5 1 of 11
  Counts so_far{0, 0, 0};
  for (i64 users = 1; users <= 210; ++users) {
    const Counts before = so_far, step = next_users(shares, users, so_far);
    CHECK(std::accumulate(step.begin(), step.end(), i64{0}) == 1);
    for (std::size_t a = 0; a < 3; ++a) {
      CHECK(step[a] >= 0);
      CHECK(so_far[a] == before[a] + step[a]);
      CHECK(std::fabs(static_cast<double>(so_far[a]) - shares[a] * static_cast<double>(users)) < 1.0001);
    }
  }
  CHECK(so_far == Counts{90, 90, 30});
}

}  // namespace
}  // namespace windtunnel

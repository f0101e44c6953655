#include "windtunnel/measures/lane_sums.hpp"

#include <cmath>
#include <random>
#include <vector>

#include "support/catch.hpp"
#include "windtunnel/measures/estimates.hpp"

using namespace windtunnel;

namespace {

std::vector<double> numbers_up_to(double bound, int count, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::vector<double> numbers;
  for (int i = 0; i < count; ++i)
    numbers.push_back(bound * (static_cast<double>(engine() >> 11) * 0x1p-52 - 1));
  return numbers;
}

std::vector<i32> coins(int count) {
  std::mt19937_64 engine(5);
  std::vector<i32> mask;
  for (int i = 0; i < count; ++i) mask.push_back(static_cast<i32>(engine() >> 63));
  return mask;
}

}  // namespace

TEST_CASE("lane sums: sums and squares are those of the rounded numbers", "[measures]") {
  // Small numbers are squared at once, large ones in halves; 2500 lanes make more than one chunk.
  const double bound = GENERATE(1.0, 0x1p-24, 0x1p-23, 0x1p-40);
  const int count = GENERATE(1, 64, 511, 2500);
  const Grid grid = Grid::for_bound(1);
  const std::vector<double> left = numbers_up_to(bound, count, 1), right = numbers_up_to(bound, count, 2);
  const std::vector<i32> given = coins(count);
  Moments all, some, difference;
  for (std::size_t i = 0; i < left.size(); ++i) {
    const i128 k = grid.round(left[i]), d = k - grid.round(right[i]);
    all.sum += k;
    all.squares += k * k;
    difference.sum += d;
    difference.squares += d * d;
    if (given[i] == 1) some.sum += k;
    if (given[i] == 1) some.squares += k * k;
  }
  CHECK((moments(left, grid).sum == all.sum && moments(left, grid).squares == all.squares));
  const Moments where = moments_where(left, given.data(), grid);
  CHECK((where.sum == some.sum && where.squares == some.squares));
  std::vector<i64> left_steps(left.size()), right_steps(left.size());
  const i64 largest =
      round_lanes(left, grid, left_steps.data()) + round_lanes(right, grid, right_steps.data());
  const Moments of_difference = moments_of_difference(left_steps, right_steps.data(), largest);
  CHECK((of_difference.sum == difference.sum && of_difference.squares == difference.squares));
}

TEST_CASE("lane sums: a column of one number sums as any other", "[measures]") {
  const Grid grid = Grid::for_bound(1);
  const double number = GENERATE(0.3, -0.7, 0.0);
  const i128 k = grid.round(number);
  const std::vector<double> values(777, number);
  CHECK((moments(values, grid).sum == 777 * k));
  CHECK((moments(values, grid).squares == 777 * k * k));
  CHECK_THROWS_AS(moments(std::vector<double>(5, std::nan("")), grid), OverflowError);
  CHECK((moments({}, grid).squares == 0));
}

TEST_CASE("lane sums: the ends of the grid and their largest difference are exact", "[measures]") {
  const Grid grid(0);
  const std::vector<double> left(3000, 0x1p50), right(3000, -0x1p50);
  CHECK((moments(left, grid).squares == i128{3000} << 100));
  CHECK((moments(right, grid).sum == -(i128{3000} << 50)));
  const std::vector<i64> high(3000, i64{1} << 50), low(3000, -(i64{1} << 50));
  CHECK((moments_of_difference(high, low.data(), i64{1} << 51).squares == i128{3000} << 102));
  std::vector<i64> steps(3000);
  CHECK(round_lanes(right, grid, steps.data()) >= i64{1} << 50);
  CHECK(steps == low);
}

TEST_CASE("lane sums: what the grid does not hold is refused unless it is left out", "[measures]") {
  const Grid grid(0);
  for (const double bad : {0x1p50 + 1, -0x1p51, std::nan(""), HUGE_VAL}) {
    const std::vector<double> values{1, 2, bad, 4};
    std::vector<i64> steps(4);
    CHECK_THROWS_AS(moments(values, grid), OverflowError);
    CHECK_THROWS_AS(round_lanes(values, grid, steps.data()), OverflowError);
    const std::vector<i32> with{0, 0, 1, 0}, without{1, 1, 0, 1};
    CHECK_THROWS_AS(moments_where(values, with.data(), grid), OverflowError);
    const Moments kept = moments_where(values, without.data(), grid);
    CHECK((kept.sum == 7 && kept.squares == 21));
  }
}

TEST_CASE("lane sums: fourth powers over the whole range", "[measures]") {
  const double bound = GENERATE(1.0, 1e-3, 1e-9);
  const Grid grid = Grid::for_bound(1);
  const std::vector<double> values = numbers_up_to(bound, 2500, 3);
  const std::vector<i32> given = coins(2500);
  long double expected = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto k = static_cast<long double>(grid.round(values[i]));
    if (given[i] == 1) expected += k * k * k * k;
  }
  // Each power is rounded to 53 bits three times, and in the end to half a limb, 2^50.
  CHECK(fourth_powers_where(values, given.data(), grid).total() ==
        Approx(static_cast<double>(expected)).epsilon(1e-15).margin(2500 * 0x1p50));
}

TEST_CASE("lane sums: the spread of large sums is exact", "[measures]") {
  // n (n k^2 + 1) - (n k)^2 = n for n numbers k, one of them with a square greater by one.
  const i128 n = i128{1} << 40, k = i128{1} << 43;
  CHECK(pairwise_spread({n * k, n * k * k + 1}, n) == 0x1p40);
  CHECK(pairwise_spread({-n * k, n * k * k + 1}, n) == 0x1p40);
  CHECK(pairwise_spread({n * k, n * k * k}, n) == 0);
  // 2 * 2^130 - (2^65 - 1)^2 = 2^130 + 2^66 - 1: the lower halves borrow.
  CHECK(pairwise_spread({(i128{1} << 65) - 1, i128{1} << 126}, i128{32}) == 0x1p130);
  // Without a sum the product n * squares fills 166 bits.
  CHECK(pairwise_spread({0, i128{3} << 124}, n) == 3 * 0x1p164);
}

TEST_CASE("lane sums: histograms count every bin and leave out negative ones", "[measures]") {
  const int bins = GENERATE(1, 14, 32, 33, 500);
  std::mt19937_64 engine(9);
  std::vector<i32> chosen;
  std::vector<i128> expected(static_cast<std::size_t>(bins), 10), tally = expected;
  for (int i = 0; i < 3000; ++i) {
    chosen.push_back(static_cast<i32>(engine() % static_cast<u64>(bins + 1)) - 1);
    if (chosen.back() >= 0) ++expected[static_cast<std::size_t>(chosen.back())];
  }
  add_histogram(chosen, tally);
  CHECK((tally == expected));
}

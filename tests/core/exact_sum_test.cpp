#include "windtunnel/core/exact_sum.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/catch.hpp"

namespace windtunnel {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr i128 kLargest = (((i128{1} << 126) - 1) << 1) + 1;
constexpr i128 kSmallest = -kLargest - 1;

/// Values in (-bound, bound) with full significands: multiples of the golden ratio modulo 1, centred.
std::vector<double> irregular_values(int count, double bound) {
  std::vector<double> values;
  double fraction = 0.5;
  for (int i = 0; i < count; ++i) {
    fraction += 0.6180339887498949;
    fraction -= std::floor(fraction);
    values.push_back((2.0 * fraction - 1.0) * bound);
  }
  return values;
}

/// The slow way: long double holds value / unit and its rounding to a whole number exactly.
i128 slow_sum(const std::vector<double>& values, const Grid& grid) {
  i128 total = 0;
  for (const double value : values) {
    const long double steps = std::nearbyint(static_cast<long double>(value) / grid.unit());
    total += static_cast<i64>(steps);
  }
  return total;
}

i128 sum_of(const double* values, int lanes, const Grid& grid) {
  i128 total = 0;
  add_lanes(values, lanes, grid, total);
  return total;
}

TEST_CASE("grid: the finest that holds the bound is chosen", "[core]") {
  CHECK(Grid::for_bound(1.0).exponent() == -50);
  CHECK(Grid::for_bound(std::nextafter(1.0, 2.0)).exponent() == -49);
  CHECK(Grid::for_bound(1000.0).exponent() == -40);
  CHECK(Grid::for_bound(0.75).exponent() == -50);
  CHECK(Grid::for_bound(0x1p1023).exponent() == 973);
  CHECK(Grid::for_bound(0.0).exponent() == -1000);
  CHECK(Grid::for_bound(5e-324).exponent() == -1000);
  for (const double bound : {1e-250, 3.7e-9, 0.3, 1.0, 6e4, 1e300}) {
    const Grid grid = Grid::for_bound(bound);
    CHECK(grid.limit() >= bound);
    CHECK(grid.limit() < 2.0 * bound);
    CHECK(grid.limit() == grid.unit() * 0x1p50);
    CHECK(grid.round(grid.limit()) == Grid::kSteps);
    CHECK(grid == Grid(grid.exponent()));
  }
  for (const double bound : {-1.0, kInfinity, kNan, 1.7e308}) {
    CHECK_THROWS_AS(Grid::for_bound(bound), std::invalid_argument);
  }
  CHECK_THROWS_AS(Grid(-1001), std::invalid_argument);
  CHECK_THROWS_AS(Grid(974), std::invalid_argument);
}

TEST_CASE("grid: rounding goes to the nearest multiple and ties go to even", "[core]") {
  const Grid halves(-1);
  CHECK(halves.round(0.25) == 0);
  CHECK(halves.round(0.75) == 2);
  CHECK(halves.round(-0.25) == 0);
  CHECK(halves.round(-0.75) == -2);
  CHECK(halves.round(std::nextafter(0.25, 1.0)) == 1);
  CHECK(halves.round(-3.1) == -6);
  CHECK_THROWS_AS(halves.round(std::nextafter(halves.limit(), kInfinity)), OverflowError);
  CHECK_THROWS_AS(halves.round(kNan), OverflowError);
}

TEST_CASE("exact sum: whole numbers and dyadic fractions lose nothing", "[core]") {
  const Grid grid = Grid::for_bound(1e6);
  std::vector<double> values;
  for (int i = 0; i < 10001; ++i) values.push_back(i * 0.125 - 7.0);
  i128 total = 0;
  add_lanes(values.data(), 10001, grid, total);
  CHECK(to_double(total, grid) == 0.125 * 10000.0 * 10001.0 / 2.0 - 7.0 * 10001.0);
}

TEST_CASE("exact sum: the vector loop equals rounding one by one in long double", "[core]") {
  for (const double bound : {1e-200, 3.7e-9, 1.0, 1234.5, 1e200}) {
    const Grid grid = Grid::for_bound(bound);
    for (const int lanes : {0, 1, 7, 64, 4095, 4096, 4097, 20000}) {
      const std::vector<double> values = irregular_values(lanes, bound);
      CHECK(sum_of(values.data(), lanes, grid) == slow_sum(values, grid));
    }
  }
}

TEST_CASE("exact sum: values at the limit in every lane do not overflow a part", "[core]") {
  const Grid grid(0);
  const std::vector<double> high(20000, grid.limit());
  const std::vector<double> low(20000, -grid.limit());
  CHECK(sum_of(high.data(), 20000, grid) == i128{20000} * Grid::kSteps);
  CHECK(sum_of(low.data(), 20000, grid) == i128{-20000} * Grid::kSteps);
}

TEST_CASE("exact sum: neither order nor split changes the total", "[core]") {
  const Grid grid = Grid::for_bound(10.0);
  std::vector<double> values = irregular_values(5000, 10.0);
  const i128 whole = sum_of(values.data(), 5000, grid);
  for (const int split : {1, 17, 512, 4096, 4999}) {
    i128 total = 0;
    add_lanes(values.data() + split, 5000 - split, grid, total);
    add_lanes(values.data(), split, grid, total);
    CHECK(total == whole);
  }
  std::sort(values.begin(), values.end());
  CHECK(sum_of(values.data(), 5000, grid) == whole);
  std::reverse(values.begin(), values.end());
  CHECK(sum_of(values.data(), 5000, grid) == whole);
}

TEST_CASE("exact sum: products are rounded once and then added", "[core]") {
  const Grid grid = Grid::for_bound(30.0);
  const std::vector<double> left = irregular_values(5000, 5.0);
  const std::vector<double> right = irregular_values(5000, 6.0);
  std::vector<double> products;
  for (std::size_t l = 0; l < left.size(); ++l) products.push_back(left[l] * right[l]);
  i128 total = 0;
  add_products(left.data(), right.data(), 5000, grid, total);
  CHECK(total == slow_sum(products, grid));
}

TEST_CASE("exact sum: lanes with mask 0 do not count whatever they hold", "[core]") {
  const Grid grid = Grid::for_bound(1.0);
  std::vector<double> values = irregular_values(5000, 1.0);
  std::vector<i32> mask;
  std::vector<double> counted;
  for (std::size_t l = 0; l < values.size(); ++l) {
    mask.push_back(l % 3 == 0 ? 1 : 0);
    if (l % 3 == 0) counted.push_back(values[l]);
    if (l % 3 == 1) values[l] = l % 2 == 0 ? kNan : kInfinity;
  }
  i128 total = 0;
  add_lanes(values.data(), mask.data(), 5000, grid, total);
  CHECK(total == slow_sum(counted, grid));
  i128 squares = 0;
  add_products(values.data(), values.data(), mask.data(), 5000, grid, squares);
  for (double& value : counted) value *= value;
  CHECK(squares == slow_sum(counted, grid));
}

TEST_CASE("exact sum: a value outside the grid is refused and the total left alone", "[core]") {
  const Grid grid = Grid::for_bound(1.0);
  for (const double bad : {std::nextafter(1.0, 2.0), -1.5, 1e300, kInfinity, -kInfinity, kNan}) {
    for (const int place : {0, 700, 4999}) {
      std::vector<double> values = irregular_values(5000, 1.0);
      values[static_cast<std::size_t>(place)] = bad;
      i128 total = 42;
      CHECK_THROWS_AS(add_lanes(values.data(), 5000, grid, total), OverflowError);
      CHECK_THROWS_AS(add_products(values.data(), values.data(), 5000, grid, total), OverflowError);
      CHECK(total == 42);
    }
  }
  const double value = 1.5;
  i128 total = 0;
  CHECK_THROWS_WITH(add_lanes(&value, 1, grid, total),
                    "a value of 1.5 cannot be summed (needs |value| <= 1)");
}

TEST_CASE("exact sum: a total that leaves 128 bits is refused", "[core]") {
  const Grid grid(0);
  const double one = 1.0;
  i128 total = kLargest;
  CHECK_THROWS_AS(add_lanes(&one, 1, grid, total), OverflowError);
  CHECK(total == kLargest);
  CHECK(checked_add(kLargest, kSmallest) == -1);
  CHECK_THROWS_AS(checked_add(kLargest, 1), OverflowError);
  CHECK_THROWS_AS(checked_add(kSmallest, -1), OverflowError);
}

TEST_CASE("exact sum: conversion to double rounds to nearest", "[core]") {
  const Grid grid(-50);
  CHECK(to_double(0, grid) == 0.0);
  CHECK(to_double(Grid::kSteps, grid) == 1.0);
  CHECK(to_double(-3 * (Grid::kSteps / 2), grid) == -1.5);
  const Grid ones(0);
  const i128 large = i128{1} << 100;
  const i128 half_ulp = i128{1} << 47;
  CHECK(to_double(large + half_ulp, ones) == 0x1p100);
  CHECK(to_double(large + half_ulp + 1, ones) == std::nextafter(0x1p100, kInfinity));
  CHECK(to_double(large + 3 * half_ulp, ones) == 0x1.0000000000002p100);
}

TEST_CASE("exact sum: totals survive their decimal text", "[core]") {
  CHECK(to_string(0) == "0");
  CHECK(to_string(-7) == "-7");
  CHECK(to_string(kLargest) == "170141183460469231731687303715884105727");
  CHECK(to_string(kSmallest) == "-170141183460469231731687303715884105728");
  for (const i128 value :
       {i128{0}, i128{-1}, i128{123456789}, (i128{1} << 90) + 12345, kLargest, kSmallest}) {
    CHECK(parse_i128(to_string(value)) == value);
  }
  for (const char* text : {"", "-", "+1", " 1", "1 ", "0x1", "1.0", "--1", "1e3"}) {
    CHECK_THROWS_AS(parse_i128(text), std::invalid_argument);
  }
  CHECK_THROWS_AS(parse_i128("170141183460469231731687303715884105728"), OverflowError);
  CHECK_THROWS_AS(parse_i128("-170141183460469231731687303715884105729"), OverflowError);
  CHECK_THROWS_AS(parse_i128("1000000000000000000000000000000000000000"), OverflowError);
}

}  // namespace
}  // namespace windtunnel

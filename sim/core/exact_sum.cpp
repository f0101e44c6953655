#include "windtunnel/core/exact_sum.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <stdexcept>
#include <string>

#include "windtunnel/core/number_text.hpp"

namespace windtunnel {

namespace {

__extension__ typedef unsigned __int128 u128;

constexpr int kLowestExponent = -1000;
constexpr int kHighestExponent = 973;
constexpr int kStepBits = 50;

/// Adding it to |x| <= 2^50 rounds x to a whole number, ties to even, which the low bits then hold.
constexpr double kRounder = 0x1.8p52;

/// Lanes whose sum of 50-bit magnitudes stays inside 63 bits.
constexpr int kLanesPerPart = 4096;

double power_of_two(int exponent) {
  return std::bit_cast<double>(static_cast<u64>(exponent + 1023) << 52);
}

u64 to_steps(double scaled) {
  return std::bit_cast<u64>(scaled + kRounder) - std::bit_cast<u64>(kRounder);
}

[[noreturn]] void refuse(double value, const Grid& grid) {
  throw OverflowError("a value of " + number_text(value) +
                      " cannot be summed (needs |value| <= " + number_text(grid.limit()) + ")");
}

/// The sum of lanes first ... last - 1 of `value_of`, all of it vectorised: unsigned arithmetic, because a
/// value outside the grid is noticed only after the loop.
template <class ValueOf>
i64 sum_part(int first, int last, const Grid& grid, ValueOf value_of) {
  const double scale = power_of_two(-grid.exponent());
  const double limit = grid.limit();
  u64 sum = 0;
  u64 outside = 0;
  for (int lane = first; lane < last; ++lane) {
    const double value = value_of(lane);
    outside += std::fabs(value) <= limit ? u64{0} : u64{1};
    sum += to_steps(value * scale);
  }
  if (outside == 0) return static_cast<i64>(sum);
  for (int lane = first; lane < last; ++lane) {
    if (!(std::fabs(value_of(lane)) <= limit)) refuse(value_of(lane), grid);
  }
  throw std::logic_error("a value outside the grid was counted but not found");
}

template <class ValueOf>
void add_parts(int lanes, const Grid& grid, i128& total, ValueOf value_of) {
  i128 sum = 0;
  for (int first = 0; first < lanes;) {
    const int last = first + std::min(kLanesPerPart, lanes - first);
    sum += sum_part(first, last, grid, value_of);
    first = last;
  }
  total = checked_add(total, sum);
}

}  // namespace

Grid::Grid(int exponent) : exponent_(exponent) {
  if (exponent < kLowestExponent || exponent > kHighestExponent) {
    throw std::invalid_argument("2^" + std::to_string(exponent) +
                                " is no unit of a sum (needs -1000 <= exponent <= 973)");
  }
}

Grid Grid::for_bound(double largest_magnitude) {
  if (!(largest_magnitude >= 0.0 && largest_magnitude <= power_of_two(kHighestExponent + kStepBits))) {
    throw std::invalid_argument(number_text(largest_magnitude) +
                                " is no bound of a sum (needs 0 <= bound <= 2^1023)");
  }
  if (largest_magnitude <= power_of_two(kLowestExponent + kStepBits)) return Grid(kLowestExponent);
  // 2^(e - 1) < largest_magnitude <= 2^e
  const u64 bits = std::bit_cast<u64>(largest_magnitude);
  const int floor_exponent = static_cast<int>(bits >> 52) - 1023;
  const bool whole_power = (bits << 12) == 0;
  return Grid(floor_exponent + (whole_power ? 0 : 1) - kStepBits);
}

double Grid::unit() const {
  return power_of_two(exponent_);
}

double Grid::limit() const {
  return power_of_two(exponent_ + kStepBits);
}

i64 Grid::round(double x) const {
  if (!(std::fabs(x) <= limit())) refuse(x, *this);
  return static_cast<i64>(to_steps(x * power_of_two(-exponent_)));
}

void add_lanes(const double* values, int lanes, const Grid& grid, i128& total) {
  add_parts(lanes, grid, total, [=](int lane) { return values[lane]; });
}

void add_lanes(const double* values, const i32* mask, int lanes, const Grid& grid, i128& total) {
  add_parts(lanes, grid, total, [=](int lane) {
    const double value = values[lane];
    return mask[lane] != 0 ? value : 0.0;
  });
}

void add_products(const double* left, const double* right, int lanes, const Grid& grid, i128& total) {
  add_parts(lanes, grid, total, [=](int lane) { return left[lane] * right[lane]; });
}

void add_products(const double* left, const double* right, const i32* mask, int lanes, const Grid& grid,
                  i128& total) {
  add_parts(lanes, grid, total, [=](int lane) {
    const double value = left[lane] * right[lane];
    return mask[lane] != 0 ? value : 0.0;
  });
}

double to_double(i128 total, const Grid& grid) {
  return static_cast<double>(total) * grid.unit();
}

i128 checked_add(i128 a, i128 b) {
  i128 sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) {
    throw OverflowError("a sum left the range of 128 bits: " + to_string(a) + " + " + to_string(b));
  }
  return sum;
}

std::string to_string(i128 value) {
  u128 magnitude = value < 0 ? u128{0} - static_cast<u128>(value) : static_cast<u128>(value);
  std::string digits;
  do {
    digits.push_back(static_cast<char>('0' + static_cast<int>(magnitude % 10)));
    magnitude /= 10;
  } while (magnitude != 0);
  if (value < 0) digits.push_back('-');
  std::reverse(digits.begin(), digits.end());
  return digits;
}

i128 parse_i128(std::string_view text) {
  const bool negative = text.starts_with('-');
  const std::string_view digits = text.substr(negative ? 1 : 0);
  const bool decimal = std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (digits.empty() || !decimal) {
    throw std::invalid_argument("'" + std::string(text) + "' is not a whole number");
  }
  i128 value = 0;
  for (const char c : digits) {
    const i128 digit = negative ? '0' - c : c - '0';
    if (__builtin_mul_overflow(value, i128{10}, &value) || __builtin_add_overflow(value, digit, &value)) {
      throw OverflowError("'" + std::string(text) + "' needs more than 128 bits");
    }
  }
  return value;
}

}  // namespace windtunnel

#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "windtunnel/core/types.hpp"

/// Sums over replications that do not depend on their order: every value is rounded once to a multiple of a
/// fixed unit, and the multiples are added as 128-bit integers. Addition of integers is associative, so any
/// split over lanes, blocks, threads, shards and resumed pieces gives the same total.
namespace windtunnel {

/// A value or a total does not fit the integers that hold it.
class OverflowError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The multiples of 2^exponent up to 2^50 of them on either side of 0: where values are rounded before they
/// are summed. Multiples of the unit, such as whole numbers under a bound below 2^50, are kept exactly.
class Grid {
 public:
  /// Steps on either side of zero.
  static constexpr i64 kSteps = i64{1} << 50;

  /// The multiples of 2^exponent; throws std::invalid_argument outside -1000 <= exponent <= 973.
  explicit Grid(int exponent);

  /// The finest grid that holds every |x| <= largest_magnitude (at least 2^-950).
  ///   throws  std::invalid_argument unless 0 <= largest_magnitude <= 2^1023
  static Grid for_bound(double largest_magnitude);

  int exponent() const { return exponent_; }

  /// 2^exponent, in the unit of the values.
  double unit() const;

  /// The largest magnitude on the grid: 2^(50 + exponent).
  double limit() const;

  /// The multiple of unit() nearest to x, ties to even.
  ///   throws  OverflowError if |x| > limit() or x is NaN
  i64 round(double x) const;

  friend bool operator==(const Grid&, const Grid&) = default;

 private:
  int exponent_;
};

/// total += sum over lanes of grid.round(values[lane]).
///   values  shape [lanes]
///   throws  OverflowError, with total unchanged, if a value is NaN or outside the grid, or total overflows
void add_lanes(const double* values, int lanes, const Grid& grid, i128& total);

/// As above over the lanes with mask 1 alone; what other lanes hold does not matter.
///   mask  shape [lanes], 0 or 1
void add_lanes(const double* values, const i32* mask, int lanes, const Grid& grid, i128& total);

/// total += sum over lanes of grid.round(left[lane] * right[lane]), for squares and cross products; the
/// product is rounded to a double first. The grid must hold the products. Throws as add_lanes.
void add_products(const double* left, const double* right, int lanes, const Grid& grid, i128& total);

/// As above over the lanes with mask 1 alone.
void add_products(const double* left, const double* right, const i32* mask, int lanes, const Grid& grid,
                  i128& total);

/// The sum in the unit of the values: total * grid.unit(), correctly rounded.
double to_double(i128 total, const Grid& grid);

/// a + b; throws OverflowError if it does not fit.
i128 checked_add(i128 a, i128 b);

/// Decimal digits, with a minus sign for negative values.
std::string to_string(i128 value);

/// The inverse of to_string.
///   throws  std::invalid_argument unless text is an optional minus sign and decimal digits, OverflowError if
///           the value needs more than 128 bits
i128 parse_i128(std::string_view text);

}  // namespace windtunnel

#pragma once

#include <span>

#include "windtunnel/core/exact_sum.hpp"

/// Exact sums over the lanes of a block. Integers all the way: blocks of any size give the same tallies.
namespace windtunnel {

/// Sum and sum of squares of a column, in units of a grid and of its square: exact once values are rounded.
struct Moments {
  i128 sum = 0, squares = 0;
};

/// Adds to two slots of a tally, {sum, squares}; throws OverflowError when one leaves 128 bits.
void add(const Moments& block, std::span<i128> tally);

/// Number of ones in a mask of 0 and 1, [lane].
i64 count(std::span<const i32> mask);

/// Sum and sum of squares of `values` [lane], each rounded to the grid.
///   throws  OverflowError when one lies outside the grid, or is not a number
Moments moments(std::span<const double> values, const Grid& grid);

/// The same over the lanes with given[l] = 1; the others may hold anything.
Moments moments_where(std::span<const double> values, const i32* given, const Grid& grid);

/// Rounds `values` [lane] to the grid: `steps` [lane] in units of it.
///   returns  a bound of the magnitude of all steps
///   throws   OverflowError when one lies outside the grid, or is not a number
i64 round_lanes(std::span<const double> values, const Grid& grid, i64* steps);

/// Sum and sum of squares of left[l] - right[l], no larger than `largest` in magnitude, at most 2^51.
Moments moments_of_difference(std::span<const i64> left, const i64* right, i64 largest);

/// Whether all steps are 0 or 1.
bool are_bits(std::span<const i64> steps);

/// moments_of_difference of columns of 0 and 1, as `word_count` words each (core/lane_bits.hpp).
Moments moments_of_bit_difference(const u64* left, const u64* right, int word_count);

/// Sum of fourth powers, in units of a grid to the fourth. They span four times the digits of the numbers
/// themselves, so three additive limbs hold the sum: (high * 2^51 + middle) * 2^51 + low in units of 2^51.
/// What a number below 2^-37 of the grid's limit contributes is lost; each power has a relative error below
/// 2^-51.
struct FourthPowers {
  static constexpr double kLimb = 0x1p51;

  i128 high = 0, middle = 0, low = 0;

  double total() const {
    return ((static_cast<double>(high) * kLimb + static_cast<double>(middle)) * kLimb +
            static_cast<double>(low)) *
           kLimb;
  }
};

/// Fourth powers of `values` [lane], each rounded to the grid first, over the lanes with given[l] = 1, all of
/// which the grid holds.
FourthPowers fourth_powers_where(std::span<const double> values, const i32* given, const Grid& grid);

/// Adds a histogram of `bins` [lane] to `tally`; lanes with a negative bin are left out.
///   tally  [bin], one slot for every bin that occurs
void add_histogram(std::span<const i32> bins, std::span<i128> tally);

}  // namespace windtunnel

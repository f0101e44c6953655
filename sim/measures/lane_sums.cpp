#include "windtunnel/measures/lane_sums.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace windtunnel {

namespace {

/// Lanes worked on together: squares of at most 2^52 can be summed in 64 bits.
constexpr int kChunk = 1024;

/// Adding it rounds to a whole number, ties to even, that can be read off the low bits.
constexpr double kRounder = 0x1.8p52;

/// Steps k = 2^26 high + low are squared in halves; smaller ones at once.
constexpr int kHalfBits = 26;

inline i64 to_steps(double value, double steps_per_unit) {
  return static_cast<i64>(std::bit_cast<u64>(value * steps_per_unit + kRounder) -
                          std::bit_cast<u64>(kRounder));
}

inline i64 is_outside(double value, double limit) {
  return std::fabs(value) <= limit ? 0 : 1;  // also when it is not a number
}

/// Both factors fit into 32 bits, which one instruction multiplies in every lane.
inline i64 product(i64 a, i64 b) {
  return static_cast<i64>(static_cast<i32>(a)) * static_cast<i32>(b);
}

i128 sum_of_small_squares(const i64* __restrict steps, int lanes) {
  i64 squares = 0;
  for (int l = 0; l < lanes; ++l) squares += product(steps[l], steps[l]);
  return squares;
}

i128 sum_of_squares(const i64* __restrict steps, int lanes) {
  i64 high_squares = 0, cross = 0, low_squares = 0;
  for (int l = 0; l < lanes; ++l) {
    const i64 high = steps[l] >> kHalfBits;
    const i64 low = steps[l] & ((i64{1} << kHalfBits) - 1);
    high_squares += product(high, high);
    cross += product(high, low);
    low_squares += product(low, low);
  }
  return (static_cast<i128>(high_squares) * (i128{1} << (2 * kHalfBits))) +
         (static_cast<i128>(cross) * (i128{2} << kHalfBits)) + low_squares;
}

/// Sums chunk by chunk. `steps_of(lane, outside)` gives a lane's number of steps, below 2^51 in magnitude,
/// and flags what the grid does not hold.
template <class StepsOf>
Moments sum_lanes(int lanes, StepsOf steps_of) {
  alignas(64) i64 steps[kChunk];
  Moments total;
  for (int first = 0; first < lanes; first += kChunk) {
    const int size = std::min(kChunk, lanes - first);
    i64 sum = 0, bits = 0, outside = 0;
    for (int l = 0; l < size; ++l) {
      const i64 k = steps_of(first + l, outside);
      steps[l] = k;
      sum += k;
      bits |= k ^ (k >> 63);
    }
    if (outside != 0) throw OverflowError("a number to be measured lies outside the range of its measure");
    total.sum += sum;
    total.squares += bits >> kHalfBits == 0 ? sum_of_small_squares(steps, size) : sum_of_squares(steps, size);
  }
  return total;
}

}  // namespace

void add(const Moments& block, std::span<i128> tally) {
  tally[0] = checked_add(tally[0], block.sum);
  tally[1] = checked_add(tally[1], block.squares);
}

i64 count(std::span<const i32> mask) {
  const i32* __restrict ones = mask.data();
  const int lanes = static_cast<int>(mask.size());
  i32 total = 0;
  for (int l = 0; l < lanes; ++l) total += ones[l];
  return total;
}

Moments moments(std::span<const double> values, const Grid& grid) {
  const double* __restrict x = values.data();
  const double steps_per_unit = 1 / grid.unit(), limit = grid.limit();
  return sum_lanes(static_cast<int>(values.size()), [=](int l, i64& outside) {
    outside |= is_outside(x[l], limit);
    return to_steps(x[l], steps_per_unit);
  });
}

Moments moments_where(std::span<const double> values, const i32* given, const Grid& grid) {
  const double* __restrict x = values.data();
  const i32* __restrict mask = given;
  const double steps_per_unit = 1 / grid.unit(), limit = grid.limit();
  return sum_lanes(static_cast<int>(values.size()), [=](int l, i64& outside) {
    const i64 keep = -static_cast<i64>(mask[l]);
    outside |= is_outside(x[l], limit) & keep;
    return to_steps(x[l], steps_per_unit) & keep;
  });
}

Moments moments_of_difference(std::span<const double> left, const double* right, const Grid& grid) {
  const double* __restrict x = left.data();
  const double* __restrict y = right;
  const double steps_per_unit = 1 / grid.unit(), limit = grid.limit();
  return sum_lanes(static_cast<int>(left.size()), [=](int l, i64& outside) {
    outside |= is_outside(x[l], limit) | is_outside(y[l], limit);
    return to_steps(x[l], steps_per_unit) - to_steps(y[l], steps_per_unit);
  });
}

FourthPowers fourth_powers_where(std::span<const double> values, const i32* given, const Grid& grid) {
  constexpr double kPerLimb = 1 / FourthPowers::kLimb;
  const double steps_per_unit = 1 / grid.unit();
  const int lanes = static_cast<int>(values.size());
  FourthPowers total;
  for (int first = 0; first < lanes; first += kChunk) {
    const double* __restrict x = values.data() + first;
    const i32* __restrict mask = given + first;
    const int size = std::min(kChunk, lanes - first);
    i64 high = 0, middle = 0, low = 0;
    for (int l = 0; l < size; ++l) {
      const double k = mask[l] != 0 ? x[l] * steps_per_unit + kRounder - kRounder : 0.0;
      const double fourth = (k * k) * (k * k) * kPerLimb;
      const double in_high = fourth * (kPerLimb * kPerLimb);
      const double rest =
          fourth - (in_high + kRounder - kRounder) * (FourthPowers::kLimb * FourthPowers::kLimb);
      const double in_middle = rest * kPerLimb;
      const double last = rest - (in_middle + kRounder - kRounder) * FourthPowers::kLimb;
      high += to_steps(in_high, 1);
      middle += to_steps(in_middle, 1);
      low += to_steps(last, 1);
    }
    total.high += high;
    total.middle += middle;
    total.low += low;
  }
  return total;
}

void add_histogram(std::span<const i32> bins, std::span<i128> tally) {
  constexpr int kFewBins = 32;  // then counting bin by bin in vectors beats a chain of increments
  const i32* __restrict bin = bins.data();
  const int lanes = static_cast<int>(bins.size());
  const int bin_count = static_cast<int>(tally.size());
  if (bin_count > kFewBins) {
    for (int l = 0; l < lanes; ++l) {
      if (bin[l] >= 0) ++tally[static_cast<std::size_t>(bin[l])];
    }
    return;
  }
  for (int b = 0; b < bin_count; ++b) {
    i32 total = 0;
    for (int l = 0; l < lanes; ++l) total += bin[l] == b ? 1 : 0;
    tally[static_cast<std::size_t>(b)] += total;
  }
}

}  // namespace windtunnel

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

/// Steps k = 2^26 high + low, |low| <= 2^25, are squared in halves; smaller ones at once.
constexpr int kHalfBits = 26;
constexpr double kHalf = 0x1p26, kPerHalf = 0x1p-26;

/// The whole number that was rounded by adding kRounder.
inline i64 read_steps(double shifted) {
  return static_cast<i64>(std::bit_cast<u64>(shifted) - std::bit_cast<u64>(kRounder));
}

inline i64 to_steps(double value, double steps_per_unit) {
  return read_steps(value * steps_per_unit + kRounder);
}

/// A whole number up to 2^51 in magnitude as a double.
inline double to_whole(i64 k) {
  return std::bit_cast<double>(static_cast<u64>(k) + std::bit_cast<u64>(kRounder)) - kRounder;
}

inline i64 is_outside(double value, double limit) {
  return std::fabs(value) <= limit ? 0 : 1;  // also when it is not a number
}

void check_inside(i64 outside) {
  if (outside != 0) throw OverflowError("a number to be measured lies outside the range of its measure");
}

/// Of whole numbers up to 2^25 in magnitude. Doubles hold it, and few processors multiply integers of 64 bits
/// fast.
inline i64 product(double a, double b) {
  return to_steps(a * b, 1);
}

/// Whether steps, or differences of steps, of this largest magnitude are squared at once.
inline bool are_small(i64 largest) {
  return largest >> (kHalfBits - 1) == 0;
}

/// Sum and sum of squares of at most kChunk numbers of steps below 2^25 in magnitude.
template <class StepsOf>
Moments sum_small(int lanes, StepsOf steps_of) {
  i64 sum = 0, squares = 0;
  for (int l = 0; l < lanes; ++l) {
    const i64 k = steps_of(l);
    const double whole = to_whole(k);
    sum += k;
    squares += product(whole, whole);
  }
  return {sum, squares};
}

/// The same of numbers of steps up to 2^51.
struct LargeSums {
  u64 sum = 0, high_squares = 0, cross = 0, low_squares = 0;  // signed, but numbers outside a grid may wrap

  void add(i64 k, double whole) {
    const double high = whole * kPerHalf + kRounder - kRounder;
    const double low = whole - high * kHalf;
    sum += static_cast<u64>(k);
    high_squares += static_cast<u64>(product(high, high));
    cross += static_cast<u64>(product(high, low));
    low_squares += static_cast<u64>(product(low, low));
  }
  Moments moments() const {
    const auto whole = [](u64 x) { return i128{static_cast<i64>(x)}; };
    return {whole(sum), (whole(high_squares) * (i128{1} << (2 * kHalfBits))) +
                            (whole(cross) * (i128{2} << kHalfBits)) + whole(low_squares)};
  }
};
template <class StepsOf>
Moments sum_large(int lanes, StepsOf steps_of) {
  LargeSums sums;
  for (int l = 0; l < lanes; ++l) {
    const i64 k = steps_of(l);
    sums.add(k, to_whole(k));
  }
  return sums.moments();
}

/// Sums chunk by chunk; no number of steps is larger in magnitude than `largest`.
template <class StepsOf>
Moments sum_chunks(int lanes, i64 largest, StepsOf steps_of) {
  Moments total;
  for (int first = 0; first < lanes; first += kChunk) {
    const int size = std::min(kChunk, lanes - first);
    const auto of_chunk = [=](int l) { return steps_of(first + l); };
    const Moments chunk = are_small(largest) ? sum_small(size, of_chunk) : sum_large(size, of_chunk);
    total.sum += chunk.sum;
    total.squares += chunk.squares;
  }
  return total;
}

/// Whether all lanes hold the same bits, as before anybody has stopped: far cheaper to see than to sum.
bool are_equal(std::span<const double> values) {
  const double* __restrict x = values.data();
  const int lanes = static_cast<int>(values.size());
  if (lanes == 0 || x[lanes / 2] != x[0]) return false;  // nearly every other column ends here
  const u64 first = std::bit_cast<u64>(x[0]);
  u64 differing = 0;
  for (int l = 1; l < lanes; ++l) differing |= std::bit_cast<u64>(x[l]) ^ first;
  return differing == 0;
}

/// Rounds and sums values, chunk by chunk. Grids are as fine as their bounds allow, so numbers of steps are
/// large.
template <class ValueOf>
Moments sum_rounded(int lanes, const Grid& grid, ValueOf value_of) {
  const double steps_per_unit = 1 / grid.unit(), limit = grid.limit();
  Moments total;
  i64 outside = 0;
  for (int first = 0; first < lanes; first += kChunk) {
    const int end = std::min(first + kChunk, lanes);
    LargeSums sums;
    for (int l = first; l < end; ++l) {
      const double x = value_of(l), shifted = x * steps_per_unit + kRounder;
      outside |= is_outside(x, limit);
      sums.add(read_steps(shifted), shifted - kRounder);
    }
    const Moments chunk = sums.moments();
    total.sum += chunk.sum;
    total.squares += chunk.squares;
  }
  check_inside(outside);
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
  if (are_equal(values)) {
    const i128 k = grid.round(values.front()), lanes = static_cast<i128>(values.size());
    return {lanes * k, lanes * k * k};
  }
  const double* __restrict x = values.data();
  return sum_rounded(static_cast<int>(values.size()), grid, [=](int l) { return x[l]; });
}

Moments moments_where(std::span<const double> values, const i32* given, const Grid& grid) {
  const double* __restrict x = values.data();
  const i32* __restrict mask = given;
  return sum_rounded(static_cast<int>(values.size()), grid, [=](int l) { return mask[l] != 0 ? x[l] : 0.0; });
}

i64 round_lanes(std::span<const double> values, const Grid& grid, i64* steps) {
  const double* __restrict x = values.data();
  const double steps_per_unit = 1 / grid.unit(), limit = grid.limit();
  i64* __restrict out = steps;
  const int lanes = static_cast<int>(values.size());
  i64 bits = 0, outside = 0;
  for (int l = 0; l < lanes; ++l) {
    const i64 k = to_steps(x[l], steps_per_unit);
    outside |= is_outside(x[l], limit);
    out[l] = k;
    bits |= k ^ (k >> 63);  // |k| or |k| - 1, for any k
  }
  check_inside(outside);
  return bits + 1;
}

Moments moments_of_difference(std::span<const i64> left, const i64* right, i64 largest) {
  const i64* __restrict x = left.data();
  const i64* __restrict y = right;
  return sum_chunks(static_cast<int>(left.size()), largest, [=](int l) { return x[l] - y[l]; });
}

bool are_bits(std::span<const i64> steps) {
  u64 any = 0;
  for (const i64 k : steps) any |= static_cast<u64>(k);
  return any <= 1;
}

Moments moments_of_bit_difference(const u64* left, const u64* right, int word_count) {
  i64 sum = 0, squares = 0;
  for (int w = 0; w < word_count; ++w) {
    sum += std::popcount(left[w]) - std::popcount(right[w]);
    squares += std::popcount(left[w] ^ right[w]);
  }
  return {sum, squares};
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

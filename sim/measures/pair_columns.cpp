#include "windtunnel/measures/pair_columns.hpp"

#include <algorithm>
#include <utility>

#include "windtunnel/core/lane_bits.hpp"

namespace windtunnel {

void PairColumns::begin(int strategies, int lanes) {
  steps_.reshape(strategies, lanes);
  bits_.reshape(strategies, static_cast<int>(words_of(lanes)));
  clear();
}

void PairColumns::clear() {
  largest_ = 0;
  are_bits_ = true;
}

void PairColumns::set(int strategy, std::span<const double> values, const Grid& grid) {
  largest_ = std::max(largest_, round_lanes(values, grid, steps_.row(strategy)));
  const std::span<const i64> steps = std::as_const(steps_).span(strategy);
  are_bits_ = are_bits_ && are_bits(steps);
  if (are_bits_) pack_bits(steps, bits_.row(strategy));
}

Moments PairColumns::difference(int strategy, int versus) const {
  if (are_bits_) return moments_of_bit_difference(bits_.row(strategy), bits_.row(versus), bits_.lanes());
  return moments_of_difference(steps_.span(strategy), steps_.row(versus), 2 * largest_);
}

}  // namespace windtunnel

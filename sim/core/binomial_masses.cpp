#include "binomial_masses.hpp"

#include <algorithm>
#include <cmath>

namespace windtunnel {
namespace {

constexpr u64 kTotal = u64{1} << kMassBits;
/// Mass folded into the outermost outcome at either end: 2^-60.
constexpr u64 kTail = u64{1} << (kMassBits - 60);
/// Weight of the mode before normalisation: with 2^16 outcomes their sum stays below 2^78, and a weight times
/// 2^63 below 2^127.
constexpr double kModeWeight = 0x1p62;

/// Weights of k = mode, mode + step ... by the ratio of neighbours, until they vanish beside the mode's.
std::vector<u64> weights_from_mode(double mode, double step, double count, double odds) {
  std::vector<u64> weights;
  double weight = kModeWeight;
  for (double k = mode; k >= 0.0 && k <= count && weight >= 0.5; k += step) {
    weights.push_back(static_cast<u64>(weight));
    weight *= step > 0.0 ? (count - k) * odds / (k + 1.0) : k / ((count - k + 1.0) * odds);
  }
  return weights;
}

/// Scales weights to integers that sum to 2^63; what rounding down leaves goes to the mode.
void normalise(std::vector<u64>& weights, std::size_t mode) {
  i128 sum = 0;
  for (const u64 weight : weights) sum += weight;
  u64 assigned = 0;
  for (u64& weight : weights) {
    weight = static_cast<u64>((static_cast<i128>(weight) << kMassBits) / sum);
    assigned += weight;
  }
  weights[mode] += kTotal - assigned;
}

/// Number of leading masses that together stay within the tail; the next one receives them.
template <class Iterator>
std::ptrdiff_t fold_tail(Iterator begin, Iterator end) {
  u64 folded = 0;
  Iterator outermost = begin;
  while (end - outermost > 1 && folded + *outermost <= kTail) folded += *outermost++;
  *outermost += folded;
  return outermost - begin;
}

}  // namespace

LatticeMasses binomial_masses(i64 count, double probability) {
  if (probability <= 0.0) return {0, {kTotal}};
  if (probability >= 1.0) return {count, {kTotal}};
  const double trials = static_cast<double>(count);
  const double odds = probability / (1.0 - probability);
  const double mode = std::min(std::floor((trials + 1.0) * probability), trials);
  std::vector<u64> masses = weights_from_mode(mode, -1.0, trials, odds);
  const std::size_t below = masses.size() - 1;
  std::reverse(masses.begin(), masses.end());
  const std::vector<u64> above = weights_from_mode(mode, 1.0, trials, odds);
  masses.insert(masses.end(), above.begin() + 1, above.end());
  normalise(masses, below);
  masses.erase(masses.end() - fold_tail(masses.rbegin(), masses.rend()), masses.end());
  const std::ptrdiff_t cut = fold_tail(masses.begin(), masses.end());
  masses.erase(masses.begin(), masses.begin() + cut);
  return {static_cast<i64>(mode) - static_cast<i64>(below) + cut, std::move(masses)};
}

std::vector<AliasCell> alias_cells(std::span<const u64> masses, int cell_bits) {
  const u64 capacity = kTotal >> cell_bits;
  std::vector<u64> left(std::size_t{1} << cell_bits, 0);
  std::copy(masses.begin(), masses.end(), left.begin());
  // A cell that is exactly full is its own alias with threshold 0: both branches give its own outcome.
  std::vector<AliasCell> cells(left.size());
  std::vector<u32> poor, rich;
  for (u32 cell = 0; cell < left.size(); ++cell) {
    cells[cell] = {0, cell};
    if (left[cell] < capacity) poor.push_back(cell);
    if (left[cell] > capacity) rich.push_back(cell);
  }
  while (!poor.empty()) {
    const u32 taker = poor.back(), giver = rich.back();
    poor.pop_back();
    cells[taker] = {left[taker] << (64 - kMassBits + cell_bits), giver};
    left[giver] -= capacity - left[taker];
    if (left[giver] > capacity) continue;
    rich.pop_back();
    if (left[giver] < capacity) poor.push_back(giver);
  }
  return cells;
}

}  // namespace windtunnel

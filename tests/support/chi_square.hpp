#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <stdexcept>

#include "support/catch.hpp"
#include "windtunnel/core/types.hpp"

namespace windtunnel {

/// Draws of a distribution test: the full number, a twentieth under the sanitizers, which are that much
/// slower.
constexpr i64 test_draws(i64 full) {
  return kSanitized ? full / 20 : full;
}

/// Pearson's chi-square statistic of counts against a law.
struct ChiSquare {
  double statistic = 0.0;
  int degrees_of_freedom = -1;

  /// (X2 - df) / sqrt(2 df): mean 0 and variance 1 under the law. The suite asks for |.| < 4, about 1e-4 in
  /// the upper tail at 50 degrees of freedom: with its 100 tests a sound suite meets 4 once in a hundred
  /// seeds.
  double standardised() const {
    return (statistic - degrees_of_freedom) / std::sqrt(2.0 * degrees_of_freedom);
  }
};

/// Chi-square of observed[i] against probability[i], neighbouring cells pooled until at least 25 are
/// expected.
///   observed, probability   [cells]; what the probabilities leave to 1 is a last cell
///   throws                  std::logic_error if fewer than two pooled cells remain: the test would be empty
inline ChiSquare chi_square(std::span<const i64> observed, std::span<const double> probability, i64 draws) {
  constexpr double kSmallestCell = 25.0;
  const double total = static_cast<double>(draws);
  ChiSquare result;
  double expected_left = total, observed_left = total, expected = 0.0, count = 0.0;
  const auto close_cell = [&] {
    result.statistic += (count - expected) * (count - expected) / expected;
    ++result.degrees_of_freedom;
    expected_left -= expected;
    observed_left -= count;
    expected = count = 0.0;
  };
  for (std::size_t i = 0; i < observed.size(); ++i) {
    expected += probability[i] * total;
    count += static_cast<double>(observed[i]);
    if (expected >= kSmallestCell && expected_left - expected >= kSmallestCell) close_cell();
  }
  expected = expected_left;
  count = observed_left;
  close_cell();
  if (result.degrees_of_freedom < 1) throw std::logic_error("chi_square: one cell only, nothing is tested");
  return result;
}

/// Chi-square of equally likely cells.
inline ChiSquare chi_square_uniform(std::span<const i64> observed, i64 draws) {
  ChiSquare result{0.0, static_cast<int>(observed.size()) - 1};
  const double expected = static_cast<double>(draws) / static_cast<double>(observed.size());
  for (const i64 count : observed) {
    const double excess = static_cast<double>(count) - expected;
    result.statistic += excess * excess / expected;
  }
  return result;
}

}  // namespace windtunnel

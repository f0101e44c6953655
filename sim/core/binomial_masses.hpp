#pragma once

#include <span>
#include <vector>

#include "windtunnel/core/types.hpp"

namespace windtunnel {

/// Probabilities of consecutive integers in units of 2^-63, summing to exactly 2^63.
struct LatticeMasses {
  i64 first;                ///< the integer of masses[0]
  std::vector<u64> masses;  ///< no zero at either end
};

inline constexpr int kMassBits = 63;

/// Binomial(count, probability) as integers. The law and its errors are those of BinomialTable.
///   count        trials, >= 0 and below 2^53
///   probability  in [0, 1]
LatticeMasses binomial_masses(i64 count, double probability);

/// A cell of an alias table: its own outcome with probability threshold / 2^64, else `alias`.
struct AliasCell {
  u64 threshold;
  u32 alias;
};

/// Alias table over 2^cell_bits equally likely cells; outcome i keeps cell i.
///   masses     at most 2^cell_bits integers that sum to 2^63
///   returns    cells whose probabilities are those integers exactly: no rounding takes place
///   source     Vose (1991), IEEE TSE 17:972, with both work lists kept as stacks so that the order is fixed
std::vector<AliasCell> alias_cells(std::span<const u64> masses, int cell_bits);

}  // namespace windtunnel

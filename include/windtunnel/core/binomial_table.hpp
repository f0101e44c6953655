#pragma once

#include <span>
#include <vector>

#include "windtunnel/core/lane_source.hpp"

namespace windtunnel {

/// Binomial(count, probability) with parameters shared by all lanes: one lookup in an alias table a draw.
///
/// The probabilities are integers that sum to exactly 2^63, and the draw follows those integers exactly. They
/// differ from the binomial law by a relative error below 5e-16 times the distance from the mode, by rounding
/// to 2^-62, and by the tails: mass up to 2^-60 at either end is given to the outermost outcome kept.
///
/// A word's low `cell_bits` bits choose the cell and its high bits are compared with the cell's threshold; a
/// tie is decided by the words of draws `draw + 1` and `draw + 2`. Up to 512 outcomes take sixteen bits
/// (`Random::fill_halves`) from `draw`, more take thirty-two (`Random::fill`); an address passed to `add`
/// therefore owns three draws.
///   source  Walker (1977), ACM TOMS 3:253; construction by Vose (1991), IEEE TSE 17:972
class BinomialTable {
 public:
  /// Largest number of outcomes a table holds: 256 KiB of entries.
  static constexpr int kMaxOutcomes = 1 << 16;

  /// Builds the table in time linear in the number of outcomes kept, about 18 standard deviations.
  ///   count        trials, >= 0
  ///   probability  in [0, 1]
  ///   throws       std::invalid_argument unless fits(count, probability)
  BinomialTable(i64 count, double probability);

  /// Whether (count, probability) is valid, keeps at most kMaxOutcomes outcomes (a bound decides, so a few
  /// that would just fit are refused), and only outcomes below 2^31.
  static bool fits(i64 count, double probability);

  /// total[l] += Binomial(count, probability).
  void add(LaneSource source, Address address, std::span<i32> total) const;

  /// The same numbers by a plain loop: the reference the vector kernels are tested against.
  void add_portable(LaneSource source, Address address, std::span<i32> total) const;

 private:
  enum class Kernel { fastest, portable };

  void add_with(Kernel kernel, LaneSource source, Address address, std::span<i32> total) const;

  template <class Word>
  void add_words(const std::vector<Word>& entries, Kernel kernel, LaneSource source, Address address,
                 std::span<i32> total) const;

  /// What turns the alias, which a tie was given, into the outcome the next draws decide.
  i32 tie_correction(u32 word, const Random& random, u64 replication, Address address) const;

  i32 first_outcome_;  ///< outcome of cell 0
  int cell_bits_;      ///< log2 of the number of cells
  // One of the two is filled: threshold in the high bits, alias cell in the low `cell_bits_` bits.
  std::vector<u16> half_entries_;
  std::vector<u32> word_entries_;
  std::vector<u64> thresholds_;  ///< [cell] probability of keeping the cell's own outcome, in units of 2^-64
};

}  // namespace windtunnel

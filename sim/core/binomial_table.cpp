#include "windtunnel/core/binomial_table.hpp"

#include <bit>
#include <cmath>
#include <stdexcept>

#include "alias_lookup.hpp"
#include "binomial_masses.hpp"
#include "lane_chunks.hpp"

namespace windtunnel {
namespace {

/// Tables of up to 512 cells are read by sixteen bits: at least seven remain for the comparison.
constexpr int kMinCellBits = 7, kMaxHalfCellBits = 9;

/// Distance t from the mean beyond which either tail has less than 2^-61, by Bernstein's inequality
/// log P(X - mean >= t) <= -t^2 / (2 (variance + t / 3)) solved for t.
double tail_distance(double count, double probability) {
  constexpr double kLog = 43.0;  // a little above 61 log 2
  const double variance = count * probability * (1.0 - probability);
  return kLog / 3.0 + std::sqrt(kLog * kLog / 9.0 + 2.0 * kLog * variance);
}

/// Threshold in the high bits, alias in the low ones.
template <class Word>
std::vector<Word> pack(const std::vector<AliasCell>& cells) {
  constexpr int kUnused = 64 - 8 * static_cast<int>(sizeof(Word));
  const u64 low_bits = cells.size() - 1;
  std::vector<Word> entries;
  for (const AliasCell& cell : cells)
    entries.push_back(static_cast<Word>(((cell.threshold >> kUnused) & ~low_bits) | cell.alias));
  return entries;
}

void fill_words(LaneSource source, Address address, std::span<u16> words) {
  source.random->fill_halves(source.first_replication, address, words);
}

void fill_words(LaneSource source, Address address, std::span<u32> words) {
  source.random->fill(source.first_replication, address, words);
}

}  // namespace

bool BinomialTable::fits(i64 count, double probability) {
  if (count < 0 || count >= i64{1} << 53 || !(probability >= 0.0 && probability <= 1.0)) return false;
  const double trials = static_cast<double>(count);
  const double distance = tail_distance(trials, probability);
  const double outcomes = std::min(trials, 2.0 * distance) + 2.0;
  return outcomes <= kMaxOutcomes && std::min(trials, trials * probability + distance) + 2.0 < 0x1p31;
}

BinomialTable::BinomialTable(i64 count, double probability) {
  if (!fits(count, probability))
    throw std::invalid_argument("BinomialTable: the support does not fit a table");
  const LatticeMasses lattice = binomial_masses(count, probability);
  first_outcome_ = static_cast<i32>(lattice.first);
  cell_bits_ = std::max(kMinCellBits, static_cast<int>(std::bit_width(lattice.masses.size() - 1)));
  const std::vector<AliasCell> cells = alias_cells(lattice.masses, cell_bits_);
  if (cell_bits_ <= kMaxHalfCellBits)
    half_entries_ = pack<u16>(cells);
  else
    word_entries_ = pack<u32>(cells);
  for (const AliasCell& cell : cells) thresholds_.push_back(cell.threshold);
}

void BinomialTable::add(LaneSource source, Address address, std::span<i32> total) const {
  add_with(Kernel::fastest, source, address, total);
}

void BinomialTable::add_portable(LaneSource source, Address address, std::span<i32> total) const {
  add_with(Kernel::portable, source, address, total);
}

i32 BinomialTable::tie_correction(u32 word, const Random& random, u64 replication, Address address) const {
  const bool halves = !half_entries_.empty();
  const u32 cell_mask = (u32{1} << cell_bits_) - 1, cell = word & cell_mask;
  // The bits of the threshold that the word's own comparison did not see, leftmost first.
  const u64 rest = thresholds_[cell] << ((halves ? 16 : 32) - cell_bits_);
  const u32 high = static_cast<u32>(rest >> 32), low = static_cast<u32>(rest);
  const u32 next = random.word(replication, later(address, 1));
  const bool own = next != high ? next < high : random.word(replication, later(address, 2)) < low;
  const u32 alias = (halves ? half_entries_[cell] : word_entries_[cell]) & cell_mask;
  return own ? static_cast<i32>(cell) - static_cast<i32>(alias) : 0;
}

template <class Word>
void BinomialTable::add_words(const std::vector<Word>& entries, Kernel kernel, LaneSource source,
                              Address address, std::span<i32> total) const {
  int (*look_up)(const Word*, int, const Word*, int, i32, i32*, u16*) = &add_alias;
  if (kernel == Kernel::portable) look_up = &add_alias_portable;
  for_chunks(source, total.size(), [&](LaneSource chunk, std::size_t first_lane, int lanes) {
    Word words[kChunkLanes];
    u16 ties[kChunkLanes];
    fill_words(chunk, address, std::span(words, static_cast<std::size_t>(lanes)));
    i32* const out = total.data() + first_lane;
    const int tie_count = look_up(entries.data(), cell_bits_, words, lanes, first_outcome_, out, ties);
    for (int tie = 0; tie < tie_count; ++tie) {
      const u16 lane = ties[tie];
      out[lane] += tie_correction(words[lane], *chunk.random, chunk.first_replication + lane, address);
    }
  });
}

void BinomialTable::add_with(Kernel kernel, LaneSource source, Address address, std::span<i32> total) const {
  if (half_entries_.empty())
    add_words(word_entries_, kernel, source, address, total);
  else
    add_words(half_entries_, kernel, source, address, total);
}

}  // namespace windtunnel

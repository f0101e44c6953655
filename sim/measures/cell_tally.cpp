#include "windtunnel/measures/cell_tally.hpp"

#include <algorithm>
#include <utility>

#include "windtunnel/measures/estimates.hpp"

namespace windtunnel {

namespace {

constexpr int kSlotsOfPair = 2;

std::span<i128> take(std::vector<i128>& slots, int first, int count) {
  return std::span(slots).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count));
}

std::span<const i128> take(const std::vector<i128>& slots, int first, int count) {
  return std::span(slots).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count));
}

}  // namespace

CellTally::CellTally(std::span<const RegistryRow<Measure>> rows, std::vector<MeasureSetting> settings)
    : settings_(std::move(settings)) {
  for (const RegistryRow<Measure>& row : rows)
    entries_.push_back({row.name, row.make(), std::vector<int>(settings_.size()), {}});
  for (int s = 0; s < strategies(); ++s) {
    for (Entry& entry : entries_) {
      entry.first_slot[static_cast<std::size_t>(s)] = slots_;
      slots_ += entry.measure->slots(setting(s));
    }
  }
  for (int s = 0; s < strategies(); ++s)
    for (int versus = s + 1; versus < strategies(); ++versus) lay_out_pair(s, versus);
}

void CellTally::lay_out_pair(int strategy, int versus) {
  for (Entry& entry : entries_) {
    const std::optional<Grid> grid = entry.measure->column_grid(setting(strategy));
    const bool has_both = grid && grid == entry.measure->column_grid(setting(versus));
    if (has_both) entry.pairs.push_back({strategy, versus, slots_, *grid});
    if (has_both) slots_ += kSlotsOfPair;
  }
}

Tally CellTally::empty() const {
  Tally tally;
  tally.slots.assign(static_cast<std::size_t>(slots_), 0);
  return tally;
}

void CellTally::record(std::span<const Endings* const> by_strategy, const Truth& truth, Scratch& scratch,
                       Tally& tally) const {
  const int lanes = by_strategy.front()->lanes;
  scratch.begin(strategies(), lanes);
  std::vector<Judged> judged;
  judged.reserve(by_strategy.size());
  for (int s = 0; s < strategies(); ++s)
    judged.push_back(judge(*by_strategy[static_cast<std::size_t>(s)], truth, setting(s), s, scratch));
  tally.slots[0] += lanes;
  for (const Entry& entry : entries_) {
    for (int s = 0; s < strategies(); ++s)
      record_one(entry, s, judged[static_cast<std::size_t>(s)], scratch, tally);
    record_pairs(entry, judged, scratch, tally);
  }
}

void CellTally::record_one(const Entry& entry, int strategy, const Judged& judged, Scratch& scratch,
                           Tally& tally) const {
  const MeasureSetting& of = setting(strategy);
  try {
    entry.measure->record(judged, scratch, take(tally.slots, entry.slot(strategy), entry.measure->slots(of)));
  } catch (const OverflowError& error) {
    throw OverflowError(entry.name + " of " + of.whose + ": " + error.what());
  }
}

void CellTally::record_pairs(const Entry& entry, std::span<const Judged> judged, Scratch& scratch,
                             Tally& tally) const {
  if (entry.pairs.empty()) return;
  scratch.paired.clear();
  for (int s = 0; s < strategies(); ++s) {
    const std::optional<Grid> grid = entry.measure->column_grid(setting(s));
    if (!grid) continue;
    const std::span<double> values = scratch.values.span(Scratch::kColumns);
    entry.measure->column(judged[static_cast<std::size_t>(s)], scratch, values.data());
    scratch.paired.set(s, values, *grid);
  }
  for (const Pair& pair : entry.pairs)
    add(scratch.paired.difference(pair.strategy, pair.versus),
        take(tally.slots, pair.first_slot, kSlotsOfPair));
}

std::vector<Value> CellTally::read(const Tally& tally, int strategy, const Entry& entry) const {
  const MeasureSetting& of_strategy = setting(strategy);
  return entry.measure->read(take(tally.slots, entry.slot(strategy), entry.measure->slots(of_strategy)),
                             replications(tally), of_strategy);
}

std::vector<MeasureValues> CellTally::read(const Tally& tally, int strategy) const {
  std::vector<MeasureValues> all;
  for (const Entry& entry : entries_) all.push_back({entry.name, read(tally, strategy, entry)});
  return all;
}

std::vector<PairedDifference> CellTally::read_pairs(const Tally& tally) const {
  std::vector<PairedDifference> differences;
  for (const Entry& entry : entries_)
    for (const Pair& pair : entry.pairs) differences.push_back(read_pair(tally, entry, pair));
  const auto by_pair = [](const PairedDifference& a, const PairedDifference& b) {
    return std::pair(a.strategy, a.versus) < std::pair(b.strategy, b.versus);
  };
  std::stable_sort(differences.begin(), differences.end(), by_pair);
  return differences;
}

PairedDifference CellTally::read_pair(const Tally& tally, const Entry& entry, const Pair& pair) const {
  PairedDifference difference{pair.strategy, pair.versus, entry.name, {}};
  double independent = 0;  // variance of the difference of means of independent replications
  for (const int s : {pair.strategy, pair.versus}) {
    difference.value = read(tally, s, entry).front();
    if (!difference.value.absent.empty()) return difference;
    independent += difference.value.mcse * difference.value.mcse;
  }
  const std::span<const i128> slots = take(tally.slots, pair.first_slot, kSlotsOfPair);
  difference.value = mean_value({slots[0], slots[1]}, replications(tally), pair.grid, kTooFewReplications);
  const double paired = difference.value.mcse * difference.value.mcse;
  if (difference.value.absent.empty() && independent > 0) difference.variance_ratio = paired / independent;
  return difference;
}

}  // namespace windtunnel

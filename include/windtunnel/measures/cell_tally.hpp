#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "windtunnel/core/registry_row.hpp"
#include "windtunnel/data/tally.hpp"
#include "windtunnel/measures/measure.hpp"

namespace windtunnel {

/// One measure of one strategy, read back.
struct MeasureValues {
  std::string measure;
  std::vector<Value> values;
};

/// Mean difference of one measure between two strategies that lived through the same replications:
/// `strategy` minus `versus`.
struct PairedDifference {
  int strategy = 0, versus = 0;
  std::string measure;
  Value value;

  /// Variance of the difference, in units of that of two strategies which lived through replications of their
  /// own; none where both never vary.
  std::optional<double> variance_ratio = std::nullopt;
};

/// The layout of one cell's tally: the number of replications; for every strategy every measure's slots; then
/// for every pair of strategies and every measure with a column the sum and the sum of squares of the
/// differences.
class CellTally {
 public:
  ///   rows      every measure there is, in the order of the output
  ///   settings  [strategy], file order; all of one cell
  CellTally(std::span<const RegistryRow<Measure>> rows, std::vector<MeasureSetting> settings);

  /// Number of integers in a tally of this layout.
  int slots() const { return slots_; }

  /// A tally of no replications.
  Tally empty() const;

  /// Adds a block of replications.
  ///   by_strategy  [strategy], all of the same lanes
  ///   scratch      private to the calling thread, in any state
  ///   tally        of this layout
  ///   throws       OverflowError, which names measure, strategy and cell, when a number leaves the range its
  ///                setting promises
  void record(std::span<const Endings* const> by_strategy, const Truth& truth, Scratch& scratch,
              Tally& tally) const;

  i64 replications(const Tally& tally) const { return static_cast<i64>(tally.slots.front()); }

  /// Every measure of one strategy, in the order of the rows.
  std::vector<MeasureValues> read(const Tally& tally, int strategy) const;

  /// Every paired difference, pairs (0, 1), (0, 2), ... (1, 2), ..., measures in the order of the rows;
  /// absent where one of the two has no value.
  std::vector<PairedDifference> read_pairs(const Tally& tally) const;

 private:
  struct Pair {
    int strategy, versus, first_slot;
    Grid grid;  // of both columns
  };
  struct Entry {
    std::string name;
    std::unique_ptr<Measure> measure;
    std::vector<int> first_slot;  // [strategy]
    std::vector<Pair> pairs;      // those that can be compared

    int slot(int strategy) const { return first_slot[static_cast<std::size_t>(strategy)]; }
  };

  int strategies() const { return static_cast<int>(settings_.size()); }
  const MeasureSetting& setting(int strategy) const { return settings_[static_cast<std::size_t>(strategy)]; }
  void lay_out_pair(int strategy, int versus);
  void record_one(const Entry& entry, int strategy, const Judged& judged, Scratch& scratch,
                  Tally& tally) const;
  void record_pairs(const Entry& entry, std::span<const Judged> judged, Scratch& scratch, Tally& tally) const;
  std::vector<Value> read(const Tally& tally, int strategy, const Entry& entry) const;
  PairedDifference read_pair(const Tally& tally, const Entry& entry, const Pair& pair) const;

  std::vector<MeasureSetting> settings_;  // [strategy]
  std::vector<Entry> entries_;            // [row]
  int slots_ = 1;
};

}  // namespace windtunnel

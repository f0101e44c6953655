#pragma once

#include "windtunnel/measures/estimates.hpp"

/// What measures that are proportions have in common.
namespace windtunnel {

/// The share of all replications in which something happened. `Leaf` gives
///   static const char* absent(const MeasureSetting&)      why it has no meaning here, or nullptr
///   static void mark(const Judged&, Scratch&, i32* hits)  [lane] 1: it happened; scratch.values are free
template <class Leaf>
class Share final : public Measure {
 public:
  int slots(const MeasureSetting&) const override { return 1; }

  void record(const Judged& judged, Scratch& scratch, std::span<i128> tally) const override {
    if (Leaf::absent(judged.setting) != nullptr) return;
    i32* hits = scratch.masks.row(0);
    Leaf::mark(judged, scratch, hits);
    tally[0] += count({hits, static_cast<std::size_t>(judged.lanes())});
  }

  std::vector<Value> read(std::span<const i128> tally, i64 replications,
                          const MeasureSetting& setting) const override {
    if (const char* reason = Leaf::absent(setting)) return {absent(reason)};
    if (replications == 0) return {absent(kNoReplications)};
    return {share_value(tally[0], replications)};
  }

  std::optional<Grid> column_grid(const MeasureSetting& setting) const override {
    return Leaf::absent(setting) == nullptr ? std::optional(Grid(0)) : std::nullopt;
  }

  void column(const Judged& judged, Scratch& scratch, double* values) const override {
    i32* hits = scratch.masks.row(0);
    Leaf::mark(judged, scratch, hits);
    for (int l = 0; l < judged.lanes(); ++l) values[l] = hits[l];
  }
};

/// The share among the replications that fulfil a condition. `Leaf` gives
///   static constexpr int kFewest                      replications without which there is no value, >= 1
///   static constexpr const char* kTooFew              what to say then
///   static const char* absent(const MeasureSetting&)  why it has no meaning here, or nullptr
///   static void mark(const Judged&, Scratch&, i32* given, i32* hits)
///       [lane] 1: it counts; 1: it counts and it happened; scratch.values are free
template <class Leaf>
class ConditionalShare final : public Measure {
 public:
  int slots(const MeasureSetting&) const override { return 2; }

  void record(const Judged& judged, Scratch& scratch, std::span<i128> tally) const override {
    if (Leaf::absent(judged.setting) != nullptr) return;
    i32* given = scratch.masks.row(0);
    i32* hits = scratch.masks.row(1);
    Leaf::mark(judged, scratch, given, hits);
    const auto lanes = static_cast<std::size_t>(judged.lanes());
    tally[0] += count({given, lanes});
    tally[1] += count({hits, lanes});
  }

  std::vector<Value> read(std::span<const i128> tally, i64, const MeasureSetting& setting) const override {
    if (const char* reason = Leaf::absent(setting)) return {absent(reason)};
    if (tally[0] < Leaf::kFewest) return {absent(Leaf::kTooFew)};
    return {share_value(tally[1], tally[0])};
  }

  std::optional<Grid> column_grid(const MeasureSetting&) const override { return std::nullopt; }
  void column(const Judged&, Scratch&, double*) const override {}
};

}  // namespace windtunnel

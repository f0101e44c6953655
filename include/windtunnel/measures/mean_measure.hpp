#pragma once

#include "windtunnel/measures/estimates.hpp"

/// What measures that are means have in common.
namespace windtunnel {

/// The mean of a column over all replications. `Leaf` gives
///   static const char* absent(const MeasureSetting&)     why it has no meaning here, or nullptr
///   static bool is_zero(const MeasureSetting&)           whether every replication gives exactly 0
///   static Grid grid(const MeasureSetting&)              holds every number that can occur
///   static void fill(const Judged&, double* values)      [lane]
/// `kIsPaired` says whether its differences between strategies are kept.
template <class Leaf, bool kIsPaired = true>
class Mean final : public Measure {
 public:
  int slots(const MeasureSetting&) const override { return 2; }

  void record(const Judged& judged, Scratch& scratch, std::span<i128> tally) const override {
    const MeasureSetting& setting = judged.setting;
    if (Leaf::absent(setting) != nullptr || Leaf::is_zero(setting)) return;
    const std::span<double> values = scratch.values.span(0);
    Leaf::fill(judged, values.data());
    add(moments(values, Leaf::grid(setting)), tally);
  }

  std::vector<Value> read(std::span<const i128> tally, i64 replications,
                          const MeasureSetting& setting) const override {
    if (const char* reason = Leaf::absent(setting)) return {absent(reason)};
    return {mean_value({tally[0], tally[1]}, replications, Leaf::grid(setting), kTooFewReplications)};
  }

  std::optional<Grid> column_grid(const MeasureSetting& setting) const override {
    if (!kIsPaired || Leaf::absent(setting) != nullptr) return std::nullopt;
    return Leaf::grid(setting);
  }

  void column(const Judged& judged, Scratch&, double* values) const override { Leaf::fill(judged, values); }
};

/// The mean of a column over the replications that fulfil a condition. `Leaf` gives
///   static constexpr const char* kTooFew                        what to say when fewer than 2 do
///   static const char* absent(const MeasureSetting&)            why it has no meaning here, or nullptr
///   static Grid grid(const MeasureSetting&)                     holds every number that can occur
///   static void fill(const Judged&, double* values, i32* given)  [lane] values where given is 1
template <class Leaf>
class ConditionalMean final : public Measure {
 public:
  int slots(const MeasureSetting&) const override { return 3; }

  void record(const Judged& judged, Scratch& scratch, std::span<i128> tally) const override {
    const MeasureSetting& setting = judged.setting;
    if (Leaf::absent(setting) != nullptr) return;
    const std::span<double> values = scratch.values.span(0);
    const std::span<i32> given = scratch.masks.span(0);
    Leaf::fill(judged, values.data(), given.data());
    tally[0] += count(given);
    add(moments_where(values, given.data(), Leaf::grid(setting)), tally.subspan(1));
  }

  std::vector<Value> read(std::span<const i128> tally, i64, const MeasureSetting& setting) const override {
    if (const char* reason = Leaf::absent(setting)) return {absent(reason)};
    return {mean_value({tally[1], tally[2]}, tally[0], Leaf::grid(setting), Leaf::kTooFew)};
  }

  std::optional<Grid> column_grid(const MeasureSetting&) const override { return std::nullopt; }
  void column(const Judged&, Scratch&, double*) const override {}
};

}  // namespace windtunnel

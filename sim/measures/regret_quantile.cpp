#include "windtunnel/measures/regret_quantile.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "windtunnel/core/math.hpp"
#include "windtunnel/measures/estimates.hpp"

namespace windtunnel {

namespace {

constexpr int kDoublings = 32, kCellBits = 5, kCells = 1 << kCellBits;
constexpr int kBins = 1 + kDoublings * kCells;  // the first holds what counts as 0

struct Quantile {
  const char* text;
  double level;
};

constexpr Quantile kQuantiles[] = {{"0.1", 0.1}, {"0.5", 0.5}, {"0.9", 0.9}, {"0.99", 0.99}};

/// Regret is a whole number of these, or less than one.
double unit(const MeasureSetting& setting) {
  return 2 * setting.magnitude * static_cast<double>(setting.horizon_users) * 0x1p-32;
}

/// Where a bin begins, in units.
double lower_end(int bin) {
  if (bin == 0) return 0;
  const int doubling = (bin - 1) / kCells, cell = (bin - 1) % kCells;
  return std::ldexp(1 + cell / static_cast<double>(kCells), doubling);
}

/// A cell, and how much of its replications are within a rank.
struct Place {
  double low, high;  ///< its ends, in units
  double inside;     ///< share of its replications
};

/// Where the `rank`-th of all replications lies.
Place place_of(std::span<const i128> histogram, double rank) {
  double before = 0;
  for (int bin = 0; bin < kBins; ++bin) {
    const auto here = static_cast<double>(histogram[static_cast<std::size_t>(bin)]);
    if (here > 0 && before + here >= rank) {
      if (bin == 0) return {0, 0, 0};
      return {lower_end(bin), lower_end(bin + 1), std::max(0.0, rank - before) / here};
    }
    before += here;
  }
  return {lower_end(kBins), lower_end(kBins), 0};
}

class RegretQuantile final : public Measure {
 public:
  int slots(const MeasureSetting& setting) const override { return setting.all_means_equal ? 0 : kBins; }

  void record(const Judged& judged, Scratch& scratch, std::span<i128> tally) const override {
    if (judged.setting.all_means_equal) return;
    constexpr i64 kBias = i64{1023} << kCellBits;
    const double per_unit = 1 / unit(judged.setting);
    const double* __restrict regret = judged.endings.regret.row(0);
    i32* __restrict bins = scratch.masks.row(0);
    const int lanes = judged.lanes();
    for (int l = 0; l < lanes; ++l) {
      const double units = regret[l] * per_unit;
      const double above = units > 1 ? units : 1;  // its exponent and first digits number the bin
      const i64 bin = static_cast<i64>(std::bit_cast<u64>(above) >> (52 - kCellBits)) - kBias + 1;
      const i64 within = bin < kBins ? bin : kBins - 1;
      bins[l] = units >= 1 ? static_cast<i32>(within) : 0;
    }
    add_histogram(scratch.masks.span(0), tally);
  }

  std::vector<Value> read(std::span<const i128> tally, i64 replications,
                          const MeasureSetting& setting) const override {
    if (setting.all_means_equal) return {absent("all arms are equally good at every moment")};
    if (replications == 0) return {absent(kNoReplications)};
    const double z = math::normal_quantile(0.5 + kConfidence / 2), n = static_cast<double>(replications);
    std::vector<Value> values;
    for (const Quantile& quantile : kQuantiles) {
      const double rank = n * quantile.level, reach = z * std::sqrt(rank * (1 - quantile.level));
      Value value;
      value.at = quantile.text;
      const Place at = place_of(tally, rank), low = place_of(tally, std::max(1.0, rank - reach)),
                  high = place_of(tally, std::min(n, rank + reach));
      value.value = unit(setting) * (at.low + at.inside * (at.high - at.low));
      value.conf_low = unit(setting) * low.low;
      value.conf_high = unit(setting) * high.high;
      value.mcse = (value.conf_high - value.conf_low) / (2 * z);
      value.replications = replications;
      values.push_back(value);
    }
    return values;
  }

  std::optional<Grid> column_grid(const MeasureSetting&) const override { return std::nullopt; }
  void column(const Judged&, Scratch&, double*) const override {}
};

}  // namespace

std::unique_ptr<Measure> make_regret_quantile() {
  return std::make_unique<RegretQuantile>();
}

}  // namespace windtunnel

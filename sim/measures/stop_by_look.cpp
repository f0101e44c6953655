#include "windtunnel/measures/stop_by_look.hpp"

#include <algorithm>

#include "windtunnel/measures/estimates.hpp"

namespace windtunnel {

namespace {

constexpr int kMostLooks = 200;

/// Bin b collects the looks after the last one of bin b - 1 up to look_of_bin(b), counted from 0.
struct Bins {
  int looks;

  explicit Bins(const MeasureSetting& setting) : looks(static_cast<int>(setting.looks.size())) {}

  int count() const { return std::min(looks, kMostLooks); }

  int look_of_bin(int bin) const { return static_cast<int>(static_cast<i64>(bin + 1) * looks / count()) - 1; }

  /// The bin of a look: the first one that does not end before it.
  int bin_of_look(i32 look) const {
    return static_cast<int>((static_cast<i64>(look + 1) * count() + looks - 1) / looks) - 1;
  }
};

class StopByLook final : public Measure {
 public:
  int slots(const MeasureSetting& setting) const override { return Bins(setting).count(); }

  void record(const Judged& judged, Scratch& scratch, std::span<i128> tally) const override {
    if (!judged.setting.tests) return;
    const Bins bins(judged.setting);
    const i32* __restrict look = judged.endings.look.row(0);
    const i32* __restrict by_criterion = judged.endings.by_criterion.row(0);
    i32* __restrict bin = scratch.masks.row(0);
    const int lanes = judged.lanes();
    for (int l = 0; l < lanes; ++l) bin[l] = by_criterion[l] == 1 ? look[l] : -1;
    if (bins.looks > bins.count()) {
      for (int l = 0; l < lanes; ++l) bin[l] = bin[l] < 0 ? -1 : bins.bin_of_look(bin[l]);
    }
    add_histogram(scratch.masks.span(0), tally);
  }

  std::vector<Value> read(std::span<const i128> tally, i64 replications,
                          const MeasureSetting& setting) const override {
    if (!setting.tests) return {absent(kNoTest)};
    if (replications == 0) return {absent(kNoReplications)};
    const Bins bins(setting);
    std::vector<Value> values;
    i128 stopped = 0;
    for (int bin = 0; bin < bins.count(); ++bin) {
      stopped += tally[static_cast<std::size_t>(bin)];
      values.push_back(share_value(stopped, replications));
      values.back().at = std::to_string(bins.look_of_bin(bin) + 1);
    }
    return values;
  }

  std::optional<Grid> column_grid(const MeasureSetting&) const override { return std::nullopt; }
  void column(const Judged&, Scratch&, double*) const override {}
};

}  // namespace

std::unique_ptr<Measure> make_stop_by_look() {
  return std::make_unique<StopByLook>();
}

}  // namespace windtunnel

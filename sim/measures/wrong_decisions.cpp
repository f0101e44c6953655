#include "windtunnel/measures/wrong_decisions.hpp"

#include <algorithm>

#include "windtunnel/measures/hindsight.hpp"
#include "windtunnel/measures/share_measure.hpp"

namespace windtunnel {

namespace {

/// The share of all replications in which a mistake was made; without meaning when no replication left room
/// for it. `Leaf` gives
///   static constexpr const char* kImpossible                      what to say then
///   static void mark(const Judged&, i32* possible, i32* hits)     [lane] the mistake could, and did, happen
template <class Leaf>
class MistakeRate final : public Measure {
 public:
  int slots(const MeasureSetting&) const override { return 2; }

  void record(const Judged& judged, Scratch& scratch, std::span<i128> tally) const override {
    const std::span<i32> possible = scratch.masks.span(0), hits = scratch.masks.span(1);
    Leaf::mark(judged, possible.data(), hits.data());
    tally[0] += count(possible);
    tally[1] += count(hits);
  }

  std::vector<Value> read(std::span<const i128> tally, i64 replications,
                          const MeasureSetting&) const override {
    if (replications == 0) return {absent(kNoReplications)};
    if (tally[0] == 0) return {absent(Leaf::kImpossible)};
    return {share_value(tally[1], replications)};
  }

  std::optional<Grid> column_grid(const MeasureSetting&) const override { return Grid(0); }

  void column(const Judged& judged, Scratch& scratch, double* values) const override {
    const std::span<i32> possible = scratch.masks.span(0), hits = scratch.masks.span(1);
    Leaf::mark(judged, possible.data(), hits.data());
    std::copy(hits.begin(), hits.end(), values);
  }
};

/// A treatment, and how much better than nothing, or than its margin, it truly is in every lane.
struct Treatment {
  i32 arm;
  double direction, margin;
  const double* lasting;

  double gain(int lane) const { return direction * (lasting[lane] - margin); }
};

/// Calls `see(treatment)` for every one, after setting both masks to 0.
template <class See>
void for_treatments(const Judged& judged, i32* possible, i32* hits, See see) {
  std::fill_n(possible, judged.lanes(), 0);
  std::fill_n(hits, judged.lanes(), 0);
  const MeasureSetting& setting = judged.setting;
  for (int arm = 1; arm < setting.arms; ++arm)
    see(Treatment{arm, setting.direction, setting.margin[static_cast<std::size_t>(arm - 1)],
                  judged.truth.lasting.row(arm)});
}

struct WrongShip {
  static constexpr const char* kImpossible = "every treatment is worth shipping";

  static void mark(const Judged& judged, i32* __restrict possible, i32* __restrict hits) {
    const i32* __restrict end = judged.endings.end.row(0);
    const i32* __restrict shipped = judged.endings.arm.row(0);
    const int lanes = judged.lanes();
    for_treatments(judged, possible, hits, [=](const Treatment treatment) {
      for (int l = 0; l < lanes; ++l) {
        const i32 worthless = treatment.gain(l) <= 0 ? 1 : 0;
        const i32 is_shipped = (end[l] == kShip ? 1 : 0) & (shipped[l] == treatment.arm ? 1 : 0);
        possible[l] |= worthless;
        hits[l] |= worthless & is_shipped;
      }
    });
  }
};

struct Missed {
  static constexpr const char* kImpossible = "no treatment is worth shipping";

  static void mark(const Judged& judged, i32* __restrict possible, i32* __restrict hits) {
    const i32* __restrict served = judged.endings.served.row(0);
    const int lanes = judged.lanes();
    for_treatments(judged, possible, hits, [=](const Treatment treatment) {
      for (int l = 0; l < lanes; ++l) {
        const i32 is_worth_it = treatment.gain(l) > 0 ? 1 : 0;
        possible[l] |= is_worth_it;
        hits[l] |= is_worth_it & (served[l] == 0 ? 1 : 0);
      }
    });
  }
};

struct CorrectRate {
  static const char* absent(const MeasureSetting& setting) {
    return setting.cell == MeasureSetting::Cell::null ? "all arms are equally good" : nullptr;
  }

  static void mark(const Judged& judged, Scratch& scratch, i32* __restrict hits) {
    const double* __restrict served = scratch.values.row(0);
    const double* __restrict best_other = scratch.values.row(1);
    compare_served(judged, scratch.values.row(0), scratch.values.row(1));
    const int lanes = judged.lanes();
    for (int l = 0; l < lanes; ++l) hits[l] = served[l] >= best_other[l] ? 1 : 0;
  }
};

}  // namespace

std::unique_ptr<Measure> make_wrong_ship_rate() {
  return std::make_unique<MistakeRate<WrongShip>>();
}

std::unique_ptr<Measure> make_missed_rate() {
  return std::make_unique<MistakeRate<Missed>>();
}

std::unique_ptr<Measure> make_correct_rate() {
  return std::make_unique<Share<CorrectRate>>();
}

}  // namespace windtunnel

#include "windtunnel/measures/discoveries.hpp"

#include <algorithm>

#include "windtunnel/measures/hindsight.hpp"
#include "windtunnel/measures/mean_measure.hpp"
#include "windtunnel/measures/share_measure.hpp"

namespace windtunnel {

namespace {

constexpr const char* kNoShip = "no replication shipped a treatment";

const char* why_absent(const MeasureSetting& setting) {
  return setting.cell == MeasureSetting::Cell::drawn ? nullptr : "effects are not drawn per replication";
}

void mark_ships(const Judged& judged, i32* __restrict given) {
  const i32* __restrict end = judged.endings.end.row(0);
  const int lanes = judged.lanes();
  for (int l = 0; l < lanes; ++l) given[l] = end[l] == kShip ? 1 : 0;
}

enum class Worth { none, some };

/// Of the ships, those of a treatment that is better than control, or that is not.
template <Worth kWorth>
struct ShipsWorth {
  static constexpr int kFewest = 1;
  static constexpr const char* kTooFew = kNoShip;
  static const char* absent(const MeasureSetting& setting) { return why_absent(setting); }

  static void mark(const Judged& judged, Scratch&, i32* __restrict given, i32* __restrict hits) {
    mark_ships(judged, given);
    const double* __restrict effect = judged.effect;
    const double direction = judged.setting.direction;
    const int lanes = judged.lanes();
    for (int l = 0; l < lanes; ++l) {
      const i32 is_better = direction * effect[l] > 0 ? 1 : 0;
      hits[l] = given[l] & (kWorth == Worth::some ? is_better : 1 - is_better);
    }
  }
};

struct MeanEffectShipped {
  static constexpr const char* kTooFew = "fewer than 2 replications shipped a treatment";
  static const char* absent(const MeasureSetting& setting) { return why_absent(setting); }
  static Grid grid(const MeasureSetting& setting) { return Grid::for_bound(2 * setting.magnitude); }

  static void fill(const Judged& judged, double* values, i32* given) {
    mark_ships(judged, given);
    std::copy_n(judged.effect, judged.lanes(), values);
  }
};

struct WrongGivenDecision {
  static constexpr int kFewest = 1;
  static constexpr const char* kTooFew = "no replication was stopped by the criterion";
  static const char* absent(const MeasureSetting& setting) {
    return setting.tests ? why_absent(setting) : kNoTest;
  }

  static void mark(const Judged& judged, Scratch& scratch, i32* __restrict given, i32* __restrict hits) {
    const double* __restrict chosen = scratch.values.row(0);
    const double* __restrict best_other = scratch.values.row(1);
    compare_served(judged, scratch.values.row(0), scratch.values.row(1));
    const i32* __restrict by_criterion = judged.endings.by_criterion.row(0);
    const i32* __restrict end = judged.endings.end.row(0);
    const int lanes = judged.lanes();
    for (int l = 0; l < lanes; ++l) {
      given[l] = by_criterion[l] & (end[l] != kUndecided ? 1 : 0);
      hits[l] = given[l] & (chosen[l] > best_other[l] ? 0 : 1);
    }
  }
};

}  // namespace

std::unique_ptr<Measure> make_false_discovery_rate() {
  return std::make_unique<ConditionalShare<ShipsWorth<Worth::none>>>();
}

std::unique_ptr<Measure> make_true_winner_share() {
  return std::make_unique<ConditionalShare<ShipsWorth<Worth::some>>>();
}

std::unique_ptr<Measure> make_mean_effect_shipped() {
  return std::make_unique<ConditionalMean<MeanEffectShipped>>();
}

std::unique_ptr<Measure> make_wrong_given_decision() {
  return std::make_unique<ConditionalShare<WrongGivenDecision>>();
}

}  // namespace windtunnel

#include "windtunnel/measures/decision_rates.hpp"

#include <algorithm>

#include "windtunnel/measures/share_measure.hpp"

namespace windtunnel {

namespace {

template <End kEnd>
struct EndRate {
  static const char* absent(const MeasureSetting&) { return nullptr; }

  static void mark(const Judged& judged, Scratch&, i32* __restrict hits) {
    const i32* __restrict end = judged.endings.end.row(0);
    const int lanes = judged.lanes();
    for (int l = 0; l < lanes; ++l) hits[l] = end[l] == kEnd ? 1 : 0;
  }
};

struct AbortRate {
  static const char* absent(const MeasureSetting& setting) {
    return setting.guarded ? nullptr : "the strategy has no guard";
  }

  static void mark(const Judged& judged, Scratch&, i32* __restrict hits) {
    std::ranges::copy(judged.endings.aborted.span(0), hits);
  }
};

}  // namespace

std::unique_ptr<Measure> make_abort_rate() {
  return std::make_unique<Share<AbortRate>>();
}

std::unique_ptr<Measure> make_ship_rate() {
  return std::make_unique<Share<EndRate<kShip>>>();
}

std::unique_ptr<Measure> make_keep_rate() {
  return std::make_unique<Share<EndRate<kKeep>>>();
}

std::unique_ptr<Measure> make_undecided_rate() {
  return std::make_unique<Share<EndRate<kUndecided>>>();
}

}  // namespace windtunnel

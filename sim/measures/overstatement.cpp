#include "windtunnel/measures/overstatement.hpp"

#include <cmath>

#include "windtunnel/measures/mean_measure.hpp"
#include "windtunnel/measures/share_measure.hpp"

namespace windtunnel {

namespace {

constexpr const char* kTooFewRejections =
    "fewer than 2 replications rejected with a lasting effect other than 0";

/// Ratios are kept to 2^-30 up to 2^20; an effect that is even smaller makes their mean meaningless.
constexpr double kLargestRatio = 0x1p20;

const char* why_absent(const MeasureSetting& setting) {
  if (!setting.tests) return kNoTest;
  if (const char* reason = setting.why_no_estimand()) return reason;
  return setting.cell == MeasureSetting::Cell::null ? "the lasting effect is 0" : nullptr;
}

/// The mean of 1/|effect| under a density that is not 0 near 0 is infinite.
const char* why_no_ratio(const MeasureSetting& setting) {
  if (const char* reason = why_absent(setting)) return reason;
  return setting.effects_surround_zero ? "effects are drawn arbitrarily close to 0: the ratio has no mean"
                                       : nullptr;
}

/// Marks the lanes whose rejection can be held against an effect.
void mark_rejections(const Judged& judged, i32* __restrict given) {
  const i32* __restrict rejected = judged.endings.rejected.row(0);
  const i32* __restrict estimated = judged.estimated;
  const double* __restrict effect = judged.estimand;
  const int lanes = judged.lanes();
  for (int l = 0; l < lanes; ++l) given[l] = rejected[l] & estimated[l] & (effect[l] != 0 ? 1 : 0);
}

struct SignError {
  static constexpr int kFewest = 2;
  static constexpr const char* kTooFew = kTooFewRejections;
  static const char* absent(const MeasureSetting& setting) { return why_absent(setting); }

  static void mark(const Judged& judged, Scratch&, i32* __restrict given, i32* __restrict hits) {
    mark_rejections(judged, given);
    const double* __restrict estimate = judged.endings.estimate.row(0);
    const double* __restrict effect = judged.estimand;
    const int lanes = judged.lanes();
    for (int l = 0; l < lanes; ++l) {
      const i32 upside_down =
          (estimate[l] > 0 && effect[l] < 0) || (estimate[l] < 0 && effect[l] > 0) ? 1 : 0;
      hits[l] = given[l] & upside_down;
    }
  }
};

/// Slots: rejections, those whose ratio is too large to be kept, sum and sum of squares of the other ratios.
class Exaggeration final : public Measure {
 public:
  int slots(const MeasureSetting&) const override { return 4; }

  void record(const Judged& judged, Scratch& scratch, std::span<i128> tally) const override {
    if (why_no_ratio(judged.setting) != nullptr) return;
    const std::span<double> ratios = scratch.values.span(0);
    const std::span<i32> given = scratch.masks.span(0), beyond = scratch.masks.span(1);
    mark_rejections(judged, given.data());
    tally[0] += count(given);
    divide(judged, ratios.data(), given.data(), beyond.data());
    tally[1] += count(beyond);
    add(moments_where(ratios, given.data(), grid()), tally.subspan(2));
  }

  std::vector<Value> read(std::span<const i128> tally, i64, const MeasureSetting& setting) const override {
    if (const char* reason = why_no_ratio(setting)) return {absent(reason)};
    if (tally[1] > 0) return {absent("an effect too close to 0 makes the ratio unbounded")};
    return {mean_value({tally[2], tally[3]}, tally[0], grid(), kTooFewRejections)};
  }

  std::optional<Grid> column_grid(const MeasureSetting&) const override { return std::nullopt; }
  void column(const Judged&, Scratch&, double*) const override {}

 private:
  static Grid grid() { return Grid::for_bound(kLargestRatio); }

  /// Moves lanes whose ratio is too large from `given` to `beyond`.
  static void divide(const Judged& judged, double* __restrict ratios, i32* __restrict given,
                     i32* __restrict beyond) {
    const double* __restrict estimate = judged.endings.estimate.row(0);
    const double* __restrict effect = judged.estimand;
    const int lanes = judged.lanes();
    for (int l = 0; l < lanes; ++l) {
      const double ratio = std::fabs(estimate[l] / effect[l]);
      const i32 is_kept = ratio <= kLargestRatio ? 1 : 0;
      ratios[l] = ratio;
      beyond[l] = given[l] & (1 - is_kept);
      given[l] &= is_kept;
    }
  }
};

}  // namespace

std::unique_ptr<Measure> make_exaggeration() {
  return std::make_unique<Exaggeration>();
}

std::unique_ptr<Measure> make_sign_error() {
  return std::make_unique<ConditionalShare<SignError>>();
}

}  // namespace windtunnel

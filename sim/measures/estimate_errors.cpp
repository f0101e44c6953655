#include "windtunnel/measures/estimate_errors.hpp"

#include <algorithm>
#include <cmath>

#include "windtunnel/measures/mean_measure.hpp"

namespace windtunnel {

namespace {

constexpr const char* kTooFewEstimates = "fewer than 2 replications gave an estimate";

Grid estimate_grid(const MeasureSetting& setting) {
  return Grid::for_bound(setting.largest_estimate());
}

Grid error_grid(const MeasureSetting& setting) {
  return Grid::for_bound(2 * setting.largest_estimate());
}

void fill_errors(const Judged& judged, double* __restrict values, i32* __restrict given) {
  const double* __restrict estimate = judged.endings.estimate.row(0);
  const double* __restrict estimand = judged.estimand;
  const int lanes = judged.lanes();
  for (int l = 0; l < lanes; ++l) values[l] = estimate[l] - estimand[l];
  std::copy_n(judged.estimated, lanes, given);
}

struct EstimateBias {
  static constexpr const char* kTooFew = kTooFewEstimates;
  static const char* absent(const MeasureSetting& setting) { return setting.why_no_estimand(); }
  static Grid grid(const MeasureSetting& setting) { return error_grid(setting); }
  static void fill(const Judged& judged, double* values, i32* given) { fill_errors(judged, values, given); }
};

struct EstimateGivenShip {
  static constexpr const char* kTooFew = "fewer than 2 replications shipped a treatment";
  static const char* absent(const MeasureSetting&) { return nullptr; }
  static Grid grid(const MeasureSetting& setting) { return estimate_grid(setting); }

  static void fill(const Judged& judged, double* values, i32* __restrict given) {
    const i32* __restrict end = judged.endings.end.row(0);
    const i32* __restrict estimated = judged.estimated;
    const int lanes = judged.lanes();
    for (int l = 0; l < lanes; ++l) given[l] = (end[l] == kShip ? 1 : 0) & estimated[l];
    std::copy_n(judged.endings.estimate.row(0), lanes, values);
  }
};

class EstimateRmse final : public Measure {
 public:
  int slots(const MeasureSetting&) const override { return 5; }

  void record(const Judged& judged, Scratch& scratch, std::span<i128> tally) const override {
    if (judged.setting.why_no_estimand() != nullptr) return;
    const Grid grid = error_grid(judged.setting);
    const std::span<double> errors = scratch.values.span(0);
    const std::span<i32> given = scratch.masks.span(0);
    fill_errors(judged, errors.data(), given.data());
    tally[0] += count(given);
    tally[1] = checked_add(tally[1], moments_where(errors, given.data(), grid).squares);
    const FourthPowers powers = fourth_powers_where(errors, given.data(), grid);
    tally[2] += powers.high;
    tally[3] += powers.middle;
    tally[4] += powers.low;
  }

  std::vector<Value> read(std::span<const i128> tally, i64, const MeasureSetting& setting) const override {
    if (const char* reason = setting.why_no_estimand()) return {absent(reason)};
    if (tally[0] < 2) return {absent(kTooFewEstimates)};
    const double n = static_cast<double>(tally[0]);
    const double square = static_cast<double>(tally[1]) / n;
    const double fourth = FourthPowers{tally[2], tally[3], tally[4]}.total() / n;
    // Squares are kept to 53 bits only in fourth powers, so equal squares may leave a tiny negative variance.
    const double variance = std::max(0.0, fourth - square * square) / (n - 1);
    const double unit = error_grid(setting).unit();
    const double rmse = std::sqrt(square);
    const double mcse = rmse > 0 ? std::sqrt(variance) / (2 * rmse) : 0;
    Value value = normal_value(rmse * unit, mcse * unit, static_cast<i64>(tally[0]));
    value.conf_low = std::max(0.0, value.conf_low);
    return {value};
  }

  std::optional<Grid> column_grid(const MeasureSetting&) const override { return std::nullopt; }
  void column(const Judged&, Scratch&, double*) const override {}
};

}  // namespace

std::unique_ptr<Measure> make_estimate_bias() {
  return std::make_unique<ConditionalMean<EstimateBias>>();
}

std::unique_ptr<Measure> make_estimate_rmse() {
  return std::make_unique<EstimateRmse>();
}

std::unique_ptr<Measure> make_estimate_given_ship() {
  return std::make_unique<ConditionalMean<EstimateGivenShip>>();
}

}  // namespace windtunnel

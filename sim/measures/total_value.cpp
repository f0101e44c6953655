#include "windtunnel/measures/total_value.hpp"

#include <algorithm>

#include "windtunnel/measures/mean_measure.hpp"

namespace windtunnel {

namespace {

struct TotalValue {
  static const char* absent(const MeasureSetting&) { return nullptr; }
  static bool is_zero(const MeasureSetting&) { return false; }
  static Grid grid(const MeasureSetting& setting) {
    return Grid::for_bound(2 * setting.magnitude * static_cast<double>(setting.horizon_users));
  }

  static void fill(const Judged& judged, double* __restrict values) {
    const Truth& truth = judged.truth;
    const double direction = judged.setting.direction;
    const int lanes = judged.lanes();
    const int stride = truth.kind == Truth::Kind::shared ? 0 : 1;
    std::fill_n(values, lanes, 0.0);
    for (int epoch = 0; epoch < truth.epochs; ++epoch) {
      const double visits = judged.setting.epoch_visits[static_cast<std::size_t>(epoch)];
      const double* mean = truth.mean.row(truth.row(epoch, 0));
      const double* gap = truth.gap.row(truth.row(epoch, 0));
      for (int l = 0; l < lanes; ++l) values[l] += visits * (mean[l * stride] + direction * gap[l * stride]);
    }
    if (judged.setting.all_means_equal) return;
    const double* __restrict regret = judged.endings.regret.row(0);
    for (int l = 0; l < lanes; ++l) values[l] -= direction * regret[l];
  }
};

}  // namespace

std::unique_ptr<Measure> make_total_value() {
  // What one strategy has more than another it loses less: the paired difference of regret tells.
  return std::make_unique<Mean<TotalValue, false>>();
}

}  // namespace windtunnel

#include "windtunnel/measures/simple_regret.hpp"

#include "windtunnel/measures/mean_measure.hpp"

namespace windtunnel {

namespace {

struct SimpleRegret {
  static const char* absent(const MeasureSetting& setting) {
    return setting.cell == MeasureSetting::Cell::null ? "all arms are equally good" : nullptr;
  }
  static bool is_zero(const MeasureSetting&) { return false; }
  static Grid grid(const MeasureSetting& setting) { return Grid::for_bound(2 * setting.magnitude); }

  static void fill(const Judged& judged, double* __restrict values) {
    const double direction = judged.setting.direction;
    const i32* __restrict served = judged.endings.served.row(0);
    const int lanes = judged.lanes();
    for (int arm = 0; arm < judged.setting.arms; ++arm) {
      const double* __restrict lasting = judged.truth.lasting.row(arm);
      for (int l = 0; l < lanes; ++l) {
        const double benefit = direction * lasting[l];
        values[l] = arm == 0 || benefit > values[l] ? benefit : values[l];
      }
    }
    const double* __restrict table = judged.truth.lasting.row(0);
    const auto stride = static_cast<int>(judged.truth.lasting.stride());
    for (int l = 0; l < lanes; ++l) values[l] -= direction * table[served[l] * stride + l];
  }
};

}  // namespace

std::unique_ptr<Measure> make_simple_regret() {
  return std::make_unique<Mean<SimpleRegret, false>>();
}

}  // namespace windtunnel

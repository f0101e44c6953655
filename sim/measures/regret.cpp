#include "windtunnel/measures/regret.hpp"

#include <algorithm>

#include "windtunnel/measures/mean_measure.hpp"

namespace windtunnel {

namespace {

/// Two means differ by at most twice their magnitude, for every user of the horizon.
Grid regret_grid(const MeasureSetting& setting) {
  return Grid::for_bound(2 * setting.magnitude * static_cast<double>(setting.horizon_users));
}

struct Regret {
  static const char* absent(const MeasureSetting&) { return nullptr; }
  static bool is_zero(const MeasureSetting& setting) { return setting.all_means_equal; }
  static Grid grid(const MeasureSetting& setting) { return regret_grid(setting); }

  static void fill(const Judged& judged, double* values) {
    std::copy_n(judged.endings.regret.row(0), judged.lanes(), values);
  }
};

struct BestArmShare {
  static const char* absent(const MeasureSetting& setting) {
    return setting.all_means_equal ? "all arms are equally good at every moment" : nullptr;
  }
  static bool is_zero(const MeasureSetting&) { return false; }
  static Grid grid(const MeasureSetting&) { return Grid::for_bound(1); }

  static void fill(const Judged& judged, double* __restrict values) {
    const double* __restrict users = judged.endings.best_users.row(0);
    const double all_users = static_cast<double>(judged.setting.horizon_users);
    const int lanes = judged.lanes();
    for (int l = 0; l < lanes; ++l) values[l] = users[l] / all_users;
  }
};

class RegretCurve final : public Measure {
 public:
  int slots(const MeasureSetting& setting) const override {
    return 2 * static_cast<int>(setting.curve_points.size());
  }

  void record(const Judged& judged, Scratch&, std::span<i128> tally) const override {
    const MeasureSetting& setting = judged.setting;
    if (setting.all_means_equal) return;
    const Grid grid = regret_grid(setting);
    for (std::size_t point = 0; point < setting.curve_points.size(); ++point)
      add(moments(judged.endings.curve.span(static_cast<int>(point)), grid), tally.subspan(2 * point, 2));
  }

  std::vector<Value> read(std::span<const i128> tally, i64 replications,
                          const MeasureSetting& setting) const override {
    const Grid grid = regret_grid(setting);
    std::vector<Value> values;
    for (std::size_t point = 0; point < setting.curve_points.size(); ++point) {
      values.push_back(
          mean_value({tally[2 * point], tally[2 * point + 1]}, replications, grid, kTooFewReplications));
      values.back().at = std::to_string(setting.curve_points[point]);
    }
    return values;
  }

  std::optional<Grid> column_grid(const MeasureSetting&) const override { return std::nullopt; }
  void column(const Judged&, Scratch&, double*) const override {}
};

}  // namespace

std::unique_ptr<Measure> make_regret() {
  return std::make_unique<Mean<Regret>>();
}

std::unique_ptr<Measure> make_regret_curve() {
  return std::make_unique<RegretCurve>();
}

std::unique_ptr<Measure> make_best_arm_share() {
  return std::make_unique<Mean<BestArmShare>>();
}

}  // namespace windtunnel

#include "windtunnel/measures/arm_mean_bias.hpp"

#include "windtunnel/measures/estimates.hpp"

namespace windtunnel {

namespace {

/// Slots per arm: replications in which it had users, sum and sum of squares of the differences.
constexpr int kSlots = 3;

std::span<i128> of_arm(std::span<i128> tally, int arm) {
  return tally.subspan(static_cast<std::size_t>(arm * kSlots), kSlots);
}

class ArmMeanBias final : public Measure {
 public:
  int slots(const MeasureSetting& setting) const override { return setting.arms * kSlots; }

  void record(const Judged& judged, Scratch& scratch, std::span<i128> tally) const override {
    const std::span<double> differences = scratch.values.span(0);
    for (int arm = 0; arm < judged.setting.arms; ++arm) {
      subtract(judged.endings.arm_mean.row(arm), judged.endings.arm_truth.row(arm), judged.lanes(),
               differences.data());
      const std::span<i128> slots = of_arm(tally, arm);
      slots[0] += count(judged.endings.arm_seen.span(arm));
      add(moments_where(differences, judged.endings.arm_seen.row(arm), grid(judged.setting)),
          slots.subspan(1));
    }
  }

  std::vector<Value> read(std::span<const i128> tally, i64, const MeasureSetting& setting) const override {
    std::vector<Value> values;
    for (int arm = 0; arm < setting.arms; ++arm) {
      const i128* slots = &tally[static_cast<std::size_t>(arm * kSlots)];
      values.push_back(mean_value({slots[1], slots[2]}, slots[0], grid(setting),
                                  "the arm had users in fewer than 2 replications"));
      values.back().at = std::to_string(arm);
    }
    return values;
  }

  std::optional<Grid> column_grid(const MeasureSetting&) const override { return std::nullopt; }
  void column(const Judged&, Scratch&, double*) const override {}

 private:
  static Grid grid(const MeasureSetting& setting) { return Grid::for_bound(2 * setting.magnitude); }

  static void subtract(const double* __restrict mean, const double* __restrict truth, int lanes,
                       double* __restrict differences) {
    for (int l = 0; l < lanes; ++l) differences[l] = mean[l] - truth[l];
  }
};

}  // namespace

std::unique_ptr<Measure> make_arm_mean_bias() {
  return std::make_unique<ArmMeanBias>();
}

}  // namespace windtunnel

#include "windtunnel/measures/arm_share.hpp"

#include "windtunnel/measures/estimates.hpp"

namespace windtunnel {

namespace {

class ArmShare final : public Measure {
 public:
  int slots(const MeasureSetting& setting) const override {
    return setting.shares_vary ? 2 * static_cast<int>(setting.curve_points.size()) * setting.arms : 0;
  }

  void record(const Judged& judged, Scratch&, std::span<i128> tally) const override {
    const int rows = slots(judged.setting) / 2;
    for (int row = 0; row < rows; ++row)
      add(moments(judged.endings.arm_share.span(row), grid()),
          tally.subspan(2 * static_cast<std::size_t>(row), 2));
  }

  std::vector<Value> read(std::span<const i128> tally, i64 replications,
                          const MeasureSetting& setting) const override {
    if (!setting.shares_vary)
      return {absent("the policy's shares are fixed, or there are more than 16 arms")};
    std::vector<Value> values;
    std::size_t slot = 0;
    for (const i64 point : setting.curve_points)
      for (int arm = 0; arm < setting.arms; ++arm, slot += 2) {
        values.push_back(
            mean_value({tally[slot], tally[slot + 1]}, replications, grid(), kTooFewReplications));
        values.back().at = std::to_string(point) + "/" + std::to_string(arm);
      }
    return values;
  }

  std::optional<Grid> column_grid(const MeasureSetting&) const override { return std::nullopt; }
  void column(const Judged&, Scratch&, double*) const override {}

 private:
  static Grid grid() { return Grid::for_bound(1); }
};

}  // namespace

std::unique_ptr<Measure> make_arm_share() {
  return std::make_unique<ArmShare>();
}

}  // namespace windtunnel

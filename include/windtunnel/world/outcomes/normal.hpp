#pragma once

#include "windtunnel/world/outcome.hpp"

namespace windtunnel {

/// Normal outcomes with a common standard deviation. A step of n users adds n mean + sd sqrt(n) Z to the sum
/// and, when somebody wants deviations, sd^2 chi-square(n - 1) to the squared deviations (Cochran's theorem).
class Normal final : public Outcome {
 public:
  void describe(Fields& fields) override;
  Channels offers() const override { return kContinuousOutcomes; }
  const std::vector<Distribution>& levels() const override { return mean_; }
  Range legal_means() const override { return {}; }
  Range summable_means() const override;
  std::optional<double> normal_sd() const override { return sd_; }
  double largest(double mean) const override;
  std::function<double(double)> distribution(double mean) const override;
  double variance(double mean) const override;
  double skewness(double mean) const override;
  std::unique_ptr<const OutcomeModel> plan(const std::vector<SharedBatch>& batches,
                                           Channels wanted) const override;

 private:
  std::vector<Distribution> mean_;
  double sd_ = 1;
};

}  // namespace windtunnel

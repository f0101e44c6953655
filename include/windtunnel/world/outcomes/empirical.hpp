#pragma once

#include "windtunnel/world/outcome.hpp"

namespace windtunnel {

/// Outcomes resampled, with replacement, from numbers somebody has observed: a column of a CSV file, or a
/// histogram. A lift multiplies every value.
///   source  Efron (1979), Ann. Statist. 7:1
class Empirical final : public Outcome {
 public:
  void describe(Fields& fields) override;
  bool takes_absolute_lifts() const override { return false; }
  Channels offers() const override { return kContinuousOutcomes; }
  const std::vector<Distribution>& levels() const override { return mean_; }
  Range legal_means() const override;
  Range summable_means() const override;
  double largest(double mean) const override;
  std::function<double(double)> distribution(double mean) const override;
  double variance(double mean) const override;
  double skewness(double mean) const override;
  std::unique_ptr<const OutcomeModel> plan(const std::vector<SharedBatch>& batches,
                                           Channels wanted) const override;

 private:
  SampleFile sample_;
  std::vector<Distribution> mean_;
};

}  // namespace windtunnel

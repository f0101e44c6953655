#pragma once

#include "windtunnel/world/outcome.hpp"

namespace windtunnel {

/// Bounded scores such as NDCG: Beta(m c, (1 - m) c) for mean m and concentration c, variance
/// m (1 - m) / (c + 1). A lift moves the mean, the concentration stays. Every user is drawn.
///   source  Ferrari & Cribari-Neto (2004), J. Appl. Statist. 31:799 (mean and precision)
class Beta final : public Outcome {
 public:
  void describe(Fields& fields) override;
  Channels offers() const override { return kContinuousOutcomes; }
  const std::vector<Distribution>& levels() const override { return mean_; }
  Range legal_means() const override { return kOpenProbability; }
  Range values() const override { return kProbability; }
  double largest(double) const override { return 1; }
  std::function<double(double)> distribution(double mean) const override;
  double variance(double mean) const override;
  double skewness(double mean) const override;
  std::unique_ptr<const OutcomeModel> plan(const std::vector<SharedBatch>& batches,
                                           Channels wanted) const override;

 private:
  std::vector<Distribution> mean_;
  double concentration_ = 1;
};

}  // namespace windtunnel

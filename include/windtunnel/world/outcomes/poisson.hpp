#pragma once

#include "windtunnel/world/outcome.hpp"

namespace windtunnel {

/// Counts of events that know nothing of each other: P(k) = e^-mean mean^k / k!, variance = mean. Means up to
/// 500, where counts are as good as normal. See CountModel for how steps are drawn.
///   source  Johnson, Kemp & Kotz (2005), Univariate Discrete Distributions, ch. 4
class Poisson final : public Outcome {
 public:
  void describe(Fields& fields) override;
  Channels offers() const override { return kContinuousOutcomes; }
  const std::vector<Distribution>& levels() const override { return mean_; }
  Range legal_means() const override;
  double largest(double mean) const override;
  std::function<double(double)> distribution(double mean) const override;
  double variance(double mean) const override;
  double skewness(double mean) const override;
  std::unique_ptr<const OutcomeModel> plan(const std::vector<SharedBatch>& batches,
                                           Channels wanted) const override;

 private:
  std::vector<Distribution> mean_;
};

}  // namespace windtunnel

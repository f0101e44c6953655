#pragma once

#include "windtunnel/world/outcome.hpp"

namespace windtunnel {

/// Counts of users who differ: Poisson counts whose means are Gamma distributed over users, variance
/// mean + mean^2/dispersion. Means up to 500 and 400 times the dispersion, beyond which the tail is so long
/// that no experiment would settle anything. See CountModel for how steps are drawn.
///   source  Johnson, Kemp & Kotz (2005), Univariate Discrete Distributions, ch. 5
class NegativeBinomial final : public Outcome {
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
  double dispersion_ = 1;
};

}  // namespace windtunnel

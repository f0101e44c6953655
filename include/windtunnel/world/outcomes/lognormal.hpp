#pragma once

#include "windtunnel/world/outcome.hpp"

namespace windtunnel {

/// Lognormal outcomes such as latencies: exp(N(log_mean, log_sd^2)), mean exp(log_mean + log_sd^2/2). A lift
/// multiplies every value, so that quantiles move with the mean. Sums of them have no law of their own: every
/// user is drawn.
///   source  Johnson, Kotz & Balakrishnan (1994), Continuous Univariate Distributions 1, ch. 14
class Lognormal final : public Outcome {
 public:
  void describe(Fields& fields) override;
  bool takes_absolute_lifts() const override { return false; }
  Channels offers() const override { return kContinuousOutcomes; }
  const std::vector<Distribution>& levels() const override { return mean_; }
  Range legal_means() const override { return kNotNegative; }
  Range summable_means() const override;
  double largest(double mean) const override;
  std::function<double(double)> distribution(double mean) const override;
  double variance(double mean) const override;
  double skewness(double mean) const override;
  std::unique_ptr<const OutcomeModel> plan(const std::vector<SharedBatch>& batches,
                                           Channels wanted) const override;

 private:
  double log_mean_ = 0, log_sd_ = 1;
  std::vector<Distribution> mean_;
};

}  // namespace windtunnel

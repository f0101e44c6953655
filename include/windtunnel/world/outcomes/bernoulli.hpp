#pragma once

#include "windtunnel/world/outcome.hpp"

namespace windtunnel {

/// Conversions: 1 with probability `rate`, else 0. A step of n users adds Binomial(n, rate) successes.
class Bernoulli final : public Outcome {
 public:
  void describe(Fields& fields) override;
  Channels offers() const override { return {Channel::users, Channel::successes}; }
  const std::vector<Distribution>& levels() const override { return rate_; }
  Range legal_means() const override { return kProbability; }
  Range values() const override { return kProbability; }
  bool mixes() const override { return true; }
  double largest(double) const override { return 1; }
  std::function<double(double)> distribution(double mean) const override;
  double variance(double mean) const override;
  double skewness(double mean) const override;
  std::unique_ptr<const OutcomeModel> plan(const std::vector<SharedBatch>& batches,
                                           Channels wanted) const override;

 private:
  std::vector<Distribution> rate_;
};

}  // namespace windtunnel

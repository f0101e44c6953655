#pragma once

#include <optional>

#include "windtunnel/design/stopping_rule.hpp"

namespace windtunnel {

/// Bayesian stopping: an arm is called as soon as its posterior probability of being the best exceeds c. A
/// treatment: ship it (the others go on); control: all treatments are worse. One-sided: treatments only. In
/// several panels (metrics, segments) each is judged by itself, with the same prior.
///
/// 0-1 outcomes: Beta prior for every arm, exact posterior probabilities. Others: normal prior for every
/// arm's mean, the variance s_a^2/n_a of its mean plugged in. A hypothesis without evidence (its analysis's
/// variance is 0) is not called. Ending on the criterion counts as rejecting. No level: its frequency of
/// false positives is what it is.
///   source  Cook (2005), "Exact calculation of beta inequalities"; Stucchio (2015), "Bayesian A/B testing at
///   VWO"
class ProbabilityBest final : public StoppingRule {
 public:
  void describe(Fields& fields) override;
  Channels needs(Channels offered) const override;
  double alpha() const override { return 0.05; }
  Alternative alternative() const override { return alternative_; }
  std::unique_ptr<const RulePlan> plan(const Setting& setting, Correction correction,
                                       Evidence::Law law) const override;

 private:
  double threshold_ = 0.95;
  std::optional<Distribution> prior_;  // absent: Beta(1, 1), 0-1 outcomes only
  Alternative alternative_ = Alternative::two_sided;
};

}  // namespace windtunnel

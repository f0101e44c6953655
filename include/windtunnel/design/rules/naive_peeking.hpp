#pragma once

#include "windtunnel/design/stopping_rule.hpp"

namespace windtunnel {

/// The fixed-horizon test repeated at every look, as if each were the only one: stop as soon as |z| >= c. Its
/// false positives grow with the number of looks.
///   source  Armitage, McPherson & Rowe (1969), JRSS A 132:235
class NaivePeeking final : public StoppingRule {
 public:
  void describe(Fields& fields) override;
  double alpha() const override { return alpha_; }
  Alternative alternative() const override { return alternative_; }
  bool takes_stepwise_corrections() const override { return true; }
  std::unique_ptr<const RulePlan> plan(const Setting& setting, Correction correction,
                                       Evidence::Law law) const override;

 private:
  double alpha_ = 0.05;
  Alternative alternative_ = Alternative::two_sided;
};

}  // namespace windtunnel

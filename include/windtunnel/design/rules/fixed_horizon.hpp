#pragma once

#include "windtunnel/design/stopping_rule.hpp"

namespace windtunnel {

/// The textbook test: wait until the end, then reject iff |z| >= c, once.
class FixedHorizon final : public StoppingRule {
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

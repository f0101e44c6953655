#pragma once

#include "windtunnel/design/boundaries.hpp"
#include "windtunnel/design/stopping_rule.hpp"

namespace windtunnel {

/// A test whose critical values share the level among the looks: information fractions t_k = planned users at
/// look k / at the end, reject iff |z_k| >= c (pocock) or c / sqrt(t_k) (obrien_fleming), with c solved so
/// that the probability of crossing at some look is alpha.
///   source  Pocock (1977), Biometrika 64:191; O'Brien & Fleming (1979), Biometrics 35:549
class GroupSequential final : public StoppingRule {
 public:
  void describe(Fields& fields) override;
  double alpha() const override { return alpha_; }
  Alternative alternative() const override { return alternative_; }
  bool plans_information() const override { return true; }
  std::unique_ptr<const RulePlan> plan(const Setting& setting, Correction correction,
                                       Evidence::Law law) const override;

 private:
  Boundary boundary_ = Boundary::pocock;
  double alpha_ = 0.05;
  Alternative alternative_ = Alternative::two_sided;
};

}  // namespace windtunnel

#pragma once

#include "windtunnel/design/stopping_rule.hpp"

namespace windtunnel {

/// Ships, at the end and without any test, the arm that looks best: by the posterior mean under the prior of
/// the policy, (s + 1)/(n + 2) under Beta(1, 1), or, where the policy has none, by the mean observed. Arms
/// without users are out; ties go to the lowest index; if control leads, nothing is shipped. In several
/// panels, the leader of each.
class ShipLeader final : public StoppingRule {
 public:
  void describe(Fields&) override {}
  Channels needs(Channels offered) const override;
  double alpha() const override { return 0.05; }
  bool tests() const override { return false; }
  std::unique_ptr<const RulePlan> plan(const Setting& setting, Correction correction,
                                       Evidence::Law law) const override;
};

}  // namespace windtunnel

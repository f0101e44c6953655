#pragma once

#include "windtunnel/design/policy.hpp"

namespace windtunnel {

/// The classical test: every arm has a share of the users, whatever is observed.
///
/// `balanced`: after u users every arm has its largest-remainder share of u, at the end of every step and in
/// all lanes alike. `bernoulli`: every user flips a coin of its own; a step's counts are multinomial, drawn
/// arm by arm as conditional binomials.
class FixedSplit final : public Policy {
 public:
  enum class Assignment { balanced, bernoulli };

  void describe(Fields& fields) override;
  std::vector<double> planned_shares(int arms) const override;
  bool draws_all_arms() const override { return true; }
  std::unique_ptr<const PolicyPlan> plan(const Timeline& timeline,
                                         const PolicySetting& setting) const override;

 private:
  std::vector<double> weights_;  // [arm], any sum; empty = equal
  Assignment assignment_ = Assignment::balanced;
};

}  // namespace windtunnel

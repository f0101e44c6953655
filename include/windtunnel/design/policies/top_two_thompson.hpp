#pragma once

#include "windtunnel/design/policy.hpp"

namespace windtunnel {

/// Thompson sampling for finding the best arm: with probability beta the arm that is best in one posterior
/// draw, else the best of the first later draw in which another one is. Beta(1, 1) priors; outcomes of 0
/// and 1. No arm is forced at the start.
///   source  Russo (2020), Oper. Res. 68:1625, section 3.3 (TTTS)
class TopTwoThompson final : public Policy {
 public:
  void describe(Fields& fields) override;
  std::vector<double> planned_shares(int arms) const override { return learning_.planned_shares(arms); }
  const Learning* learning() const override { return &learning_; }
  PriorWorth prior_worth() const override { return kUniformWorth; }
  Channels needs(Channels offered) const override;
  std::string objection(Channels offered, Range values) const override;
  bool draws_all_arms() const override { return true; }
  std::unique_ptr<const PolicyPlan> plan(const Timeline& timeline,
                                         const PolicySetting& setting) const override;

 private:
  double beta_ = 0.5;
  Learning learning_;
};

}  // namespace windtunnel

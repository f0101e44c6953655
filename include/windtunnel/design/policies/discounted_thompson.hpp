#pragma once

#include "windtunnel/design/policy.hpp"

namespace windtunnel {

/// Thompson sampling that forgets: every user multiplies all wins and losses seen so far by `discount` before
/// its own is added, so that 1 / (1 - discount) users are remembered. The users of a round count together, at
/// its end. Beta(1, 1) priors; outcomes of 0 and 1. No arm is forced at the start.
///   source  Raj & Kalyani (2017), Taming non-stationary bandits (dTS), arXiv:1707.09727, algorithm 1
class DiscountedThompson final : public Policy {
 public:
  void describe(Fields& fields) override;
  std::vector<double> planned_shares(int arms) const override { return learning_.planned_shares(arms); }
  const Learning* learning() const override { return &learning_; }
  bool forgets_order() const override { return false; }
  PriorWorth prior_worth() const override { return kUniformWorth; }
  Channels needs(Channels offered) const override;
  std::string objection(Channels offered, Range values) const override;
  bool draws_all_arms() const override { return true; }
  std::unique_ptr<const PolicyPlan> plan(const Timeline& timeline,
                                         const PolicySetting& setting) const override;

 private:
  double discount_ = 0.99;
  Learning learning_;
};

}  // namespace windtunnel

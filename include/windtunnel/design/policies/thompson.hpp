#pragma once

#include "windtunnel/design/policy.hpp"
#include "windtunnel/design/reward_model.hpp"

namespace windtunnel {

/// The arm whose mean is largest in one draw from the posterior, a new draw for every user: an arm gets a
/// user with the probability that it is the best. Outcomes of 0 and 1 have Beta(1, 1) priors; others need a
/// `model`. No arm is forced at the start.
///
/// Two arms of 0 and 1: the probability g that the first is better follows exactly from step to step.
/// Several: the arm with the largest mean draws; each other arm's chance to lie beyond is bounded by the
/// tangent to the logarithm of its density, and only those below the bound draw, too. Many users at once are
/// divided by the probabilities of being the best.
///   source  Thompson (1933), Biometrika 25:285; Cook (2005), Exact calculation of beta inequalities
class Thompson final : public Policy {
 public:
  void describe(Fields& fields) override;
  std::vector<double> planned_shares(int arms) const override { return learning_.planned_shares(arms); }
  const Learning* learning() const override { return &learning_; }
  PriorWorth prior_worth() const override { return model_.prior_worth(); }
  Channels needs(Channels offered) const override;
  std::string objection(Channels offered, Range values) const override {
    return model_.objection(offered, values);
  }
  bool draws_all_arms() const override { return true; }
  std::unique_ptr<const PolicyPlan> plan(const Timeline& timeline,
                                         const PolicySetting& setting) const override;

 private:
  RewardModel model_;
  Learning learning_;
};

}  // namespace windtunnel

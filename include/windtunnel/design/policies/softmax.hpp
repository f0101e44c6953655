#pragma once

#include "windtunnel/design/policy.hpp"

namespace windtunnel {

/// An arm gets a user with probability proportional to exp(mean / temperature). The first users get the arms
/// in order, one each; an arm of which nothing is known yet counts as mean 0.
///   source  Sutton & Barto (2018), Reinforcement Learning, 2.8; Luce (1959), Individual Choice Behavior
class Softmax final : public Policy {
 public:
  void describe(Fields& fields) override;
  std::vector<double> planned_shares(int arms) const override { return learning_.planned_shares(arms); }
  const Learning* learning() const override { return &learning_; }
  Channels needs(Channels offered) const override;
  bool draws_all_arms() const override { return true; }
  std::unique_ptr<const PolicyPlan> plan(const Timeline& timeline,
                                         const PolicySetting& setting) const override;

 private:
  double temperature_ = 0.1;
  Learning learning_;
};

}  // namespace windtunnel

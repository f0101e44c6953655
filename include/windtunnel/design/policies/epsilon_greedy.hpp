#pragma once

#include "windtunnel/design/policy.hpp"

namespace windtunnel {

/// The arm with the largest mean, but any arm, with equal chances, for a share epsilon of the users; greedy
/// is epsilon 0. The first users get the arms in order, one each. Equal means (of 0 and 1: s_i n_j = s_j n_i)
/// share their users with equal chances.
///   source  Sutton & Barto (2018), Reinforcement Learning, 2.2 and 2.4
class EpsilonGreedy final : public Policy {
 public:
  void describe(Fields& fields) override;
  std::vector<double> planned_shares(int arms) const override { return learning_.planned_shares(arms); }
  const Learning* learning() const override { return &learning_; }
  Channels needs(Channels offered) const override;
  bool draws_all_arms() const override { return epsilon_ > 0; }
  std::unique_ptr<const PolicyPlan> plan(const Timeline& timeline,
                                         const PolicySetting& setting) const override;

 private:
  double epsilon_ = 0.1;
  Learning learning_;
};

}  // namespace windtunnel

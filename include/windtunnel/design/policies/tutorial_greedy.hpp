#pragma once

#include "windtunnel/design/policy.hpp"

namespace windtunnel {

/// Greedy as many tutorials write it: the arm with the largest s / (n + 1), which is 0 for an arm nobody has
/// had and too small for all others. No arm is forced at the start; ties with equal chances.
///   source  the update q = reward / (pulls + 1) of introductory blog posts; cf. Sutton & Barto (2018), 2.4
class TutorialGreedy final : public Policy {
 public:
  void describe(Fields& fields) override;
  std::vector<double> planned_shares(int arms) const override { return learning_.planned_shares(arms); }
  const Learning* learning() const override { return &learning_; }
  Channels needs(Channels offered) const override;
  std::unique_ptr<const PolicyPlan> plan(const Timeline& timeline,
                                         const PolicySetting& setting) const override;

 private:
  Learning learning_;
};

}  // namespace windtunnel

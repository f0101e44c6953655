#pragma once

#include "windtunnel/design/policy.hpp"

namespace windtunnel {

/// Greedy as many tutorials write it: the arm with the largest s / (n + 1), s the sum of its rewards, which
/// is 0 for an arm nobody has had and too near 0 for all others. No arm is forced at the start; ties with
/// equal chances. With rewards that are not negative, as tutorials have them, an arm nobody has had comes
/// last. Where less is better, outcomes of 0 and 1 are rewarded by their opposites, and so like them; others
/// by their negatives, as whoever feeds the formula with costs does it. Then 0 is the best score there is:
/// every arm nobody has had comes first, as with optimistic starting values (Sutton & Barto 2018, 2.6).
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

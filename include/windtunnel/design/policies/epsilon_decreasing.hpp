#pragma once

#include "windtunnel/design/policy.hpp"

namespace windtunnel {

/// The arm with the largest mean, but any arm, with equal chances, with probability min(1, c K / (d^2 n)) for
/// the n-th user (of a round: its first), n = 1, 2, ...; d is a lower bound of the gaps between means.
///   source  Auer, Cesa-Bianchi & Fischer (2002), Mach. Learn. 47:235, figure 3
class EpsilonDecreasing final : public Policy {
 public:
  void describe(Fields& fields) override;
  std::vector<double> planned_shares(int arms) const override { return learning_.planned_shares(arms); }
  const Learning* learning() const override { return &learning_; }
  Channels needs(Channels offered) const override;
  bool draws_all_arms() const override { return true; }
  std::unique_ptr<const PolicyPlan> plan(const Timeline& timeline,
                                         const PolicySetting& setting) const override;

 private:
  double c_ = 1, d_ = 0.1;
  Learning learning_;
};

}  // namespace windtunnel

#pragma once

#include "windtunnel/design/policy.hpp"

namespace windtunnel {

/// Users get the arms in turn, m each; then all others the arm whose mean is largest at that moment, for
/// good. Ties with equal chances. A round that begins before all m have come explores to its end. Where
/// outcomes come late, arms are given in turn until the first is known, and an arm of which none is known is
/// not committed to.
///   source  Lattimore & Szepesvari (2020), Bandit Algorithms, algorithm 1
class ExploreThenCommit final : public Policy {
 public:
  void describe(Fields& fields) override;
  std::vector<double> planned_shares(int arms) const override { return learning_.planned_shares(arms); }
  const Learning* learning() const override { return &learning_; }
  bool forgets_order() const override { return false; }
  Channels needs(Channels offered) const override;
  std::unique_ptr<const PolicyPlan> plan(const Timeline& timeline,
                                         const PolicySetting& setting) const override;

 private:
  i64 m_ = 1;
  Learning learning_;
};

}  // namespace windtunnel

#pragma once

#include "windtunnel/design/policy.hpp"

namespace windtunnel {

/// The arm with the largest q for which n kl(p, q) <= ln t still holds, p its mean, kl the divergence of two
/// Bernoulli laws, t the users with known outcomes before this choice. Outcomes of 0 and 1. The first users
/// get the arms in order, one each; ties with equal chances.
///   source  Garivier & Cappe (2011), COLT, algorithm 1 with c = 0
class KlUcb final : public Policy {
 public:
  void describe(Fields& fields) override;
  std::vector<double> planned_shares(int arms) const override { return learning_.planned_shares(arms); }
  const Learning* learning() const override { return &learning_; }
  Channels needs(Channels offered) const override;
  std::string objection(Channels offered, Range values) const override;
  std::unique_ptr<const PolicyPlan> plan(const Timeline& timeline,
                                         const PolicySetting& setting) const override;

 private:
  Learning learning_;
};

}  // namespace windtunnel

#pragma once

#include <optional>

#include "windtunnel/design/policy.hpp"

namespace windtunnel {

/// An arm gets a user with probability (1 - gamma) w / sum w + gamma / K; a reward r between 0 and 1
/// multiplies its arm's weight w by exp(gamma r / (p K)), p the probability with which the user was
/// allocated: the floor's share is part of it, and users who get the arms in turn have 1/K. Made for worlds
/// without any law. The users of a round count together; late rewards have the probabilities of the latest
/// round. No arm is forced.
///   source  Auer, Cesa-Bianchi, Freund & Schapire (2002), SIAM J. Comput. 32:48, figure 1
class Exp3 final : public Policy {
 public:
  void describe(Fields& fields) override;
  std::vector<double> planned_shares(int arms) const override { return learning_.planned_shares(arms); }
  const Learning* learning() const override { return &learning_; }
  bool forgets_order() const override { return false; }
  Channels needs(Channels offered) const override;
  std::string objection(Channels offered, Range values) const override;
  bool draws_all_arms() const override { return true; }
  std::unique_ptr<const PolicyPlan> plan(const Timeline& timeline,
                                         const PolicySetting& setting) const override;

 private:
  double gamma_ = 0.1;
  std::optional<double> scale_;
  Learning learning_;
};

}  // namespace windtunnel

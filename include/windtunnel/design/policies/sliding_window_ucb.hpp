#pragma once

#include <optional>

#include "windtunnel/design/policy.hpp"

namespace windtunnel {

/// The arm with the largest mean + scale sqrt(2 ln min(t, window) / n) over the last `window` users alone, t
/// the users with known outcomes before this choice. Whole rounds are remembered: one leaves once all its
/// users are older than the window. An arm nobody of the window has had is chosen first. The first users get
/// the arms in order, one each; ties with equal chances.
///   source  Garivier & Moulines (2011), ALT, LNCS 6925:174, SW-UCB with xi = 2 as UCB1 has it
class SlidingWindowUcb final : public Policy {
 public:
  void describe(Fields& fields) override;
  std::vector<double> planned_shares(int arms) const override { return learning_.planned_shares(arms); }
  const Learning* learning() const override { return &learning_; }
  bool forgets_order() const override { return false; }
  Channels needs(Channels offered) const override;
  std::string objection(Channels offered, Range values) const override;
  std::unique_ptr<const PolicyPlan> plan(const Timeline& timeline,
                                         const PolicySetting& setting) const override;

 private:
  i64 window_ = 1000;
  std::optional<double> scale_;
  Learning learning_;
};

}  // namespace windtunnel

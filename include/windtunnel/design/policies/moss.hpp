#pragma once

#include <optional>

#include "windtunnel/design/policy.hpp"

namespace windtunnel {

/// The arm with the largest mean + scale sqrt(max(0, ln(H / (K n))) / n), H the horizon: minimax optimal in
/// its order. The first users get the arms in order, one each; ties with equal chances.
///   source  Audibert & Bubeck (2009), COLT, figure 1
class Moss final : public Policy {
 public:
  void describe(Fields& fields) override;
  std::vector<double> planned_shares(int arms) const override { return learning_.planned_shares(arms); }
  const Learning* learning() const override { return &learning_; }
  bool depends_on_plan() const override { return !horizon_; }
  Channels needs(Channels offered) const override;
  std::string objection(Channels offered, Range values) const override;
  std::unique_ptr<const PolicyPlan> plan(const Timeline& timeline,
                                         const PolicySetting& setting) const override;

 private:
  std::optional<double> horizon_;
  std::optional<double> scale_;
  Learning learning_;
};

}  // namespace windtunnel

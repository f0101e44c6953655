#pragma once

#include <optional>

#include "windtunnel/design/policy.hpp"

namespace windtunnel {

/// The arm with the largest mean + scale sqrt(2 ln t / n), n its users with known outcomes and t those of all
/// arms before this choice. The first users get the arms in order, one each; ties with equal chances.
///   source  Auer, Cesa-Bianchi & Fischer (2002), Mach. Learn. 47:235, figure 1
class Ucb1 final : public Policy {
 public:
  void describe(Fields& fields) override;
  std::vector<double> planned_shares(int arms) const override { return learning_.planned_shares(arms); }
  const Learning* learning() const override { return &learning_; }
  Channels needs(Channels offered) const override;
  std::string objection(Channels offered, Range values) const override;
  std::unique_ptr<const PolicyPlan> plan(const Timeline& timeline,
                                         const PolicySetting& setting) const override;

 private:
  std::optional<double> scale_;
  Learning learning_;
};

}  // namespace windtunnel

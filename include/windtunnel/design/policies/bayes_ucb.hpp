#pragma once

#include "windtunnel/design/policy.hpp"

namespace windtunnel {

/// The arm with the largest posterior quantile 1 - 1 / ((t + 1) (ln H)^c) under Beta(1, 1) priors, t the
/// users with known outcomes before this choice, H those of the experiment. Outcomes of 0 and 1. No arm is
/// forced at the start; ties with equal chances.
///   source  Kaufmann, Cappe & Garivier (2012), AISTATS, algorithm 1
class BayesUcb final : public Policy {
 public:
  void describe(Fields& fields) override;
  std::vector<double> planned_shares(int arms) const override { return learning_.planned_shares(arms); }
  const Learning* learning() const override { return &learning_; }
  bool depends_on_plan() const override { return c_ != 0; }
  PriorWorth prior_worth() const override { return kUniformWorth; }
  Channels needs(Channels offered) const override;
  std::string objection(Channels offered, Range values) const override;
  std::unique_ptr<const PolicyPlan> plan(const Timeline& timeline,
                                         const PolicySetting& setting) const override;

 private:
  double c_ = 0;
  Learning learning_;
};

}  // namespace windtunnel

#pragma once

#include <optional>

#include "windtunnel/design/planning.hpp"
#include "windtunnel/design/stopping_rule.hpp"

namespace windtunnel {

/// Mixture sequential probability ratio test, valid at any number of looks. With d the excess over the
/// margin, s^2 its variance and a normal mixture of effects with standard deviation tau,
///   Lambda = sqrt(s^2/(s^2 + tau^2)) exp(tau^2 d^2 / (2 s^2 (s^2 + tau^2))); reject iff Lambda >= 1/alpha.
/// Two-sided only. Its interval is the confidence sequence: the effects that would not be rejected.
/// Exact for a known variance, asymptotic with the plug-in one. With a `test`, d and s^2 are the test's.
///   source  Robbins (1970), Ann. Math. Statist. 41:1397; Johari, Koomen, Pekelis & Walsh (2022), Oper. Res.
///           70:1806
class Msprt final : public StoppingRule {
 public:
  void describe(Fields& fields) override;
  std::shared_ptr<const Analysis> own_analysis() const override;
  std::string give_way_to_test() override;
  bool weighs_variance() const override { return true; }
  double alpha() const override { return alpha_; }
  std::unique_ptr<const RulePlan> plan(const Setting& setting, Correction correction,
                                       Evidence::Law law) const override;

  /// Half-width of the confidence sequence: the d at which Lambda is 1/alpha.
  ///   variance  s^2 > 0;  mixing_sd  tau > 0
  static double half_width(double variance, double mixing_sd, double alpha);

 private:
  double alpha_ = 0.05;
  PlannedEffect effect_;
  std::optional<Lift> mixing_sd_;
  std::optional<double> variance_;  // of a pair's difference; empty = plug_in
};

}  // namespace windtunnel

#pragma once

#include <optional>

#include "windtunnel/design/planning.hpp"
#include "windtunnel/design/stopping_rule.hpp"

namespace windtunnel {

/// Wald's sequential probability ratio test of "no effect" against "an effect of delta", on the difference of
/// means. With d the excess over the margin and s^2 = (V/2)(1/n_0 + 1/n_1), V the variance of one pair's
/// difference, LLR = delta (d - delta/2) / s^2; a better treatment is called at LLR >= ln((1 - beta)/alpha),
/// no effect at LLR <= ln(beta/(1 - alpha)). Both are lines in s^2, so no logarithm or division is left per
/// lane.
///
/// Two-sided: the two tests of +delta and -delta run side by side at alpha/2 each; no effect once both have
/// said so. Calls are final per hypothesis. With a `test`, d and s^2 are the test's.
///   source  Wald (1945), Ann. Math. Statist. 16:117
class Sprt final : public StoppingRule {
 public:
  void describe(Fields& fields) override;
  std::shared_ptr<const Analysis> own_analysis() const override;
  std::string give_way_to_test() override;
  bool weighs_variance() const override { return true; }
  double alpha() const override { return alpha_; }
  Alternative alternative() const override { return alternative_; }
  std::unique_ptr<const RulePlan> plan(const Setting& setting, Correction correction,
                                       Evidence::Law law) const override;

  /// Wald's bounds of the log likelihood ratio: {ln(beta/(1 - alpha)), ln((1 - beta)/alpha)}.
  struct Bounds {
    double lower, upper;
  };
  static Bounds bounds(double alpha, double power);

 private:
  double alpha_ = 0.05, power_ = 0.8;
  PlannedEffect effect_;
  std::optional<double> variance_ =
      0;  // of a pair's difference; empty = plug_in, 0 = planned from the baseline
  Alternative alternative_ = Alternative::one_sided;
};

}  // namespace windtunnel

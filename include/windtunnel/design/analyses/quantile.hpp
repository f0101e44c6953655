#pragma once

#include "windtunnel/design/analysis.hpp"

namespace windtunnel {

/// Difference of the arms' sample p-quantiles, y_(ceil(n p)). The standard error of one of them is the width
/// of its confidence interval from order statistics in normal quantiles: with z = 1.96, s = sqrt(n p (1 -
/// p)), l = ceil(n p - z s) and u = ceil(n p + z s),
///   error  (y_(u) - y_(l)) s / (u - l);  u - l is 2 z s but for rounding.
/// An arm too small to have both ranks (p = .99: 381 users, p = .5: 4) has none, and where both are the same
/// value, as in a lump of zeros, there is no evidence either. Normal critical value. Quantiles of outcomes of
/// 0 and 1 are 0 or 1.
///   source  Woodruff (1952), J. Am. Stat. Assoc. 47:635; Deng, Knoblich & Lu (2018), KDD, section 4
class Quantile final : public Analysis {
 public:
  Quantile() = default;
  explicit Quantile(double p) : p_(p) {}

  void describe(Fields& fields) override;
  Channels needs(Channels offered) const override;
  Evidence::Law law() const override { return Evidence::Law::normal; }
  Estimand estimand() const override { return {Estimand::Kind::quantiles, p_}; }
  std::unique_ptr<const Evaluator> open(const Setting& setting) const override;

 private:
  double p_ = 0.5;
};

}  // namespace windtunnel

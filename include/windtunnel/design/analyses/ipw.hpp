#pragma once

#include "windtunnel/design/analysis.hpp"

namespace windtunnel {

/// Inverse-propensity weighting: every user counts 1/e, e = the chance with which the policy gave the user
/// its arm; the mean of an arm is sum(Y/e)/sum(1/e), its variance sum((Y - mean)^2/e^2)/(sum(1/e))^2; normal
/// critical value. Users who got an arm in turn have e = 1, and in a round with others all have the mean. It
/// takes the bias out of adaptive data, but where chances become small the estimate is far from normal.
///   source  Hajek (1971), Foundations of Statistical Inference 236; Hadad, Hirshberg, Zhan, Wager & Athey
///           (2021), PNAS 118:e2014602118
class Ipw final : public Analysis {
 public:
  void describe(Fields&) override {}
  Channels needs(Channels offered) const override;
  Evidence::Law law() const override { return Evidence::Law::normal; }
  bool needs_chances() const override { return true; }
  std::unique_ptr<const Evaluator> open(const Setting& setting) const override;
};

}  // namespace windtunnel

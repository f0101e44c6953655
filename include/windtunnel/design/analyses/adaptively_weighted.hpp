#pragma once

#include "windtunnel/design/analysis.hpp"

namespace windtunnel {

/// Square-root weights: every user counts 1/sqrt(e), e = the chance with which the policy gave the user its
/// arm, so that all users add the same to the variance whatever the policy had learned, and the estimate is
/// normal in large samples; the mean of an arm is sum(Y/sqrt(e))/sum(1/sqrt(e)), its variance
/// sum((Y - mean)^2/e)/(sum(1/sqrt(e)))^2; normal critical value. Users who got an arm in turn have e = 1,
/// and in a round with others all have the mean.
///   source  Zhang, Janson & Murphy (2021), NeurIPS 34:7460, eq. 3 with least squares and an even split as
///           the stabilising policy; Hadad et al. (2021), PNAS 118:e2014602118, "constant allocation"
class AdaptivelyWeighted final : public Analysis {
 public:
  void describe(Fields&) override {}
  Channels needs(Channels offered) const override;
  Evidence::Law law() const override { return Evidence::Law::normal; }
  bool needs_chances() const override { return true; }
  std::unique_ptr<const Evaluator> open(const Setting& setting) const override;
};

}  // namespace windtunnel

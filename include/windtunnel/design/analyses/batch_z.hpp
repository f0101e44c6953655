#pragma once

#include "windtunnel/design/analysis.hpp"

namespace windtunnel {

/// Batched least squares: a z of every round of the policy, which froze its shares, z_b = d_b/s_b with
/// d_b the difference of the round's means and s_b^2 = V(1/nA + 1/nB) of the round (0-1 outcomes: V = pq of
/// both arms; else their sum of squares/(nA + nB - 2)). Given the past each is nearly standard normal, so
/// sum(z_b)/sqrt(B) is too: estimate sum(d_b/s_b)/sum(1/s_b), variance B/(sum 1/s_b)^2, normal critical
/// value. Rounds without both arms or without spread do not count; the present round counts as it stands. A
/// policy that does not learn has one round, and this is z_pooled.
///   source  Zhang, Janson & Murphy (2020), NeurIPS 33:9818, eq. 5 and theorem 3
class BatchZ final : public Analysis {
 public:
  void describe(Fields&) override {}
  Channels needs(Channels offered) const override;
  Evidence::Law law() const override { return Evidence::Law::normal; }
  i64 least_round(Channels offered) const override;
  std::unique_ptr<const Evaluator> open(const Setting& setting) const override;
};

}  // namespace windtunnel

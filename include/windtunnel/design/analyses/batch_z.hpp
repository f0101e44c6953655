#pragma once

#include "windtunnel/design/analysis.hpp"

namespace windtunnel {

/// Batched least squares: a z of every round of the policy, which froze its shares, z_b = d_b/s_b with
/// d_b the difference of the round's means and s_b^2 = V(1/nA + 1/nB), V = sum of squares of both arms'
/// outcomes around their common mean/(nA + nB - 1): the mean square of d_b over all ways to divide these
/// users, so that without an effect z_b has mean 0 and variance 1 exactly, however small the round. Hence
/// sum(z_b)/sqrt(B) is nearly standard normal: estimate sum(d_b/s_b)/sum(1/s_b), variance B/(sum 1/s_b)^2,
/// normal critical value. Rounds without both arms or without spread do not count; the present round counts
/// as it stands. The estimate gives weight to rounds of little spread, which biases it where spread and mean
/// go together. A policy that does not learn has one round.
///   source  Zhang, Janson & Murphy (2020), NeurIPS 33:9818, eq. 5 and theorem 3, for batches that grow; the
///           variance is that of a permutation: Lehmann (1975), Nonparametrics, section 1.2
class BatchZ final : public Analysis {
 public:
  void describe(Fields&) override {}
  Channels needs(Channels offered) const override;
  Evidence::Law law() const override { return Evidence::Law::normal; }
  i64 least_round() const override { return 2; }
  std::unique_ptr<const Evaluator> open(const Setting& setting) const override;
};

}  // namespace windtunnel

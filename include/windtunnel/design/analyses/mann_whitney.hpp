#pragma once

#include "windtunnel/design/analysis.hpp"

namespace windtunnel {

/// Mann-Whitney test (Wilcoxon's rank sum): how often a user of the treatment has the larger outcome. With U
/// the pairs of a treatment and a control user in which that is so, ties counted one half, and N = n_0 + n_1,
///   estimate  U / (n_0 n_1) - 1/2
///   variance  ((N + 1) - sum (t^3 - t) / (N (N - 1))) / (12 n_0 n_1), t = users who share an outcome:
/// that of the estimate where both arms have the same law. Normal critical value, no continuity correction.
/// Outcomes of 0 and 1 need counts alone: the estimate is half the difference of the rates.
///   source  Mann & Whitney (1947), Ann. Math. Statist. 18:50; ties: Lehmann (1975), Nonparametrics, 1.4
class MannWhitney final : public Analysis {
 public:
  void describe(Fields&) override {}
  Channels needs(Channels offered) const override;
  Evidence::Law law() const override { return Evidence::Law::normal; }
  Estimand estimand() const override { return {Estimand::Kind::ranks}; }
  std::unique_ptr<const Evaluator> open(const Setting& setting) const override;
};

}  // namespace windtunnel

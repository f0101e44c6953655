#pragma once

#include "windtunnel/design/analysis.hpp"

namespace windtunnel {

/// Student's two-sample t test: variance (SS_0 + SS_1)/(n_0 + n_1 - 2) (1/n_0 + 1/n_1), n_0 + n_1 - 2 degrees
/// of freedom; at least two users per arm. Exact for normal outcomes with equal variances.
class StudentT final : public Analysis {
 public:
  void describe(Fields&) override {}
  Channels needs(Channels offered) const override;
  Evidence::Law law() const override { return Evidence::Law::student; }
  std::unique_ptr<const Evaluator> open(const Setting& setting) const override;
};

}  // namespace windtunnel

#pragma once

#include "windtunnel/design/analysis.hpp"

namespace windtunnel {

/// z test with a variance per arm, normal critical value. 0-1 outcomes: p_a q_a / n_a (divisor n);
/// others: s_a^2 / n_a (divisor n - 1), summed over the two arms.
class ZUnpooled final : public Analysis {
 public:
  void describe(Fields&) override {}
  Channels needs(Channels offered) const override;
  Evidence::Law law() const override { return Evidence::Law::normal; }
  std::unique_ptr<const Evaluator> open(const Setting& setting) const override;
};

}  // namespace windtunnel

#pragma once

#include "windtunnel/design/analysis.hpp"

namespace windtunnel {

/// z test with one variance for both arms of the hypothesis, normal critical value. 0-1 outcomes:
/// pq (1/n_0 + 1/n_1) with the rate p over both arms; others: (SS_0 + SS_1)/(n_0 + n_1 - 2) (1/n_0 + 1/n_1).
class ZPooled final : public Analysis {
 public:
  void describe(Fields&) override {}
  Channels needs(Channels offered) const override;
  Evidence::Law law() const override { return Evidence::Law::normal; }
  std::unique_ptr<const Evaluator> open(const Setting& setting) const override;
};

}  // namespace windtunnel

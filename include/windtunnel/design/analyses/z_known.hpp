#pragma once

#include "windtunnel/design/analysis.hpp"

namespace windtunnel {

/// z test with a standard deviation of the outcome that is known beforehand, the same in both arms:
/// variance sd^2 (1/n_0 + 1/n_1), normal critical value. Exact for normal outcomes with that sd.
class ZKnown final : public Analysis {
 public:
  ZKnown() = default;
  explicit ZKnown(double sd) : sd_(sd) {}

  void describe(Fields& fields) override;
  Channels needs(Channels offered) const override;
  Evidence::Law law() const override { return Evidence::Law::normal; }
  bool estimates_variance() const override { return false; }
  std::unique_ptr<const Evaluator> open(const Setting& setting) const override;

 private:
  double sd_ = 1;  // of one user's outcome, in its unit
};

}  // namespace windtunnel

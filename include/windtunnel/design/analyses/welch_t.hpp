#pragma once

#include "windtunnel/design/analysis.hpp"

namespace windtunnel {

/// Welch's t test for arms of unequal variances: variance w_0 + w_1 with w_a = s_a^2/n_a, and
/// (w_0 + w_1)^2 / (w_0^2/(n_0 - 1) + w_1^2/(n_1 - 1)) degrees of freedom; at least two users per arm.
///   source  Welch (1947), Biometrika 34:28; Satterthwaite (1946), Biometrics Bulletin 2:110
class WelchT final : public Analysis {
 public:
  void describe(Fields&) override {}
  Channels needs(Channels offered) const override;
  Evidence::Law law() const override { return Evidence::Law::student; }
  std::unique_ptr<const Evaluator> open(const Setting& setting) const override;
};

}  // namespace windtunnel

#pragma once

#include "windtunnel/design/analysis.hpp"

namespace windtunnel {

/// Ratio of sums by the delta method: of n users with M requests each and the sums S of their outcomes, the
/// mean per request R = sum S/sum M, and its variance n/(n - 1) sum (S - M R)^2/(sum M)^2, at least two users
/// per arm; normal critical value. Where users have one request each, or nobody tells whose requests are
/// seen, it is z_unpooled.
///   source  Deng, Knoblich & Lu (2018), KDD, eq. 5; Cochran (1977), Sampling Techniques, 6.3
class Ratio final : public Analysis {
 public:
  void describe(Fields&) override {}
  Channels needs(Channels offered) const override;
  Evidence::Law law() const override { return Evidence::Law::normal; }
  std::unique_ptr<const Evaluator> open(const Setting& setting) const override;
};

}  // namespace windtunnel

#pragma once

#include "windtunnel/design/analysis.hpp"

namespace windtunnel {

/// Difference of means with the percentile interval of a bootstrap: the users of either arm are drawn again
/// with replacement, B times, and d*_(1) <= ... <= d*_(B) are the differences of the means of what was drawn.
/// The interval of level 1 - a is [d*_(k), d*_(B + 1 - k)], k = floor((B + 1) a/2). For a rule of any level,
///   z = -Phi^-1((1 + #{d* <= margin}) / (B + 1)) where the estimate is above the margin (below: mirrored),
/// so that |z| >= c says what it says of that level's interval: the margin lies outside. No |z| exceeds
/// -Phi^-1(1 / (B + 1)), 3.1 for B = 1000. Of n users with m outcomes other than 0, Binomial(n, m/n) are
/// drawn from those m; outcomes of 0 and 1 are no more than that binomial. For a rule that weighs variances
/// (Setting::weighs_variance) the variance is that of d*.
///   source  Efron (1979), Ann. Statist. 7:1; Davison & Hinkley (1997), Bootstrap Methods, eq. 5.18
class Bootstrap final : public Analysis {
 public:
  Bootstrap() = default;
  explicit Bootstrap(i64 resamples) : resamples_(resamples) {}

  void describe(Fields& fields) override;
  Channels needs(Channels offered) const override;
  Evidence::Law law() const override { return Evidence::Law::normal; }
  Evidence::Intervals intervals() const override { return Evidence::Intervals::own; }

  ///   throws  InputError when the resamples are too few for an interval of the strategy's level
  std::unique_ptr<const Evaluator> open(const Setting& setting) const override;

 private:
  i64 resamples_ = 1000;
};

}  // namespace windtunnel

#pragma once

#include "windtunnel/data/ended.hpp"
#include "windtunnel/data/evidence.hpp"
#include "windtunnel/data/sight.hpp"
#include "windtunnel/data/verdict.hpp"
#include "windtunnel/design/setting.hpp"

namespace windtunnel {

/// Estimate of one lane with its interval, on the natural scale.
struct Estimate {
  double value, low, high;
};

/// How a judge writes down one lane's estimate and interval.
inline void write_estimate(const Estimate& estimate, int lane, Table<double>& estimates) {
  estimates.row(0)[lane] = estimate.value;
  estimates.row(1)[lane] = estimate.low;
  estimates.row(2)[lane] = estimate.high;
}

/// An interval that contains nothing: low above high.
Estimate without_interval(double value);

/// The default interval of a strategy: estimate +- z_{1 - alpha/2} times the unpooled error (z_unpooled's).
/// Where the strategy's columns do not give that error, its analysis weighs users in parts or step by step,
/// or it does not estimate a difference of means, its analysis's own error, or its own interval; without
/// evidence, no interval. Corrections for several treatments do not widen it.
class DefaultInterval {
 public:
  ///   alpha   1 - level, in (0, 1)
  ///   offers  columns the strategy may read
  DefaultInterval(double alpha, Channels offers);

  /// Of the strategy of a setting.
  DefaultInterval(double alpha, const Setting& setting);

  /// See Judge::report.
  void report(const Evidence& evidence, const Sight& sight, const EndedLanes& ended, const i32* hypothesis,
              Table<double>& estimates) const;

 private:
  double z_;
  Channels offers_;
};

}  // namespace windtunnel

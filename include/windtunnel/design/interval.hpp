#pragma once

#include "windtunnel/data/ended.hpp"
#include "windtunnel/data/evidence.hpp"
#include "windtunnel/data/observed.hpp"
#include "windtunnel/data/verdict.hpp"

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
/// Where the strategy's columns do not give that error, or its analysis weighs parts of the users, its
/// analysis's own; without evidence, no interval.
/// Corrections for several treatments do not widen it.
class DefaultInterval {
 public:
  ///   alpha   1 - level, in (0, 1)
  ///   offers  columns the strategy may read
  DefaultInterval(double alpha, Channels offers);

  /// See Judge::report.
  void report(const Evidence& evidence, const Observed& observed, const EndedLanes& ended,
              const i32* hypothesis, Table<double>& estimates) const;

 private:
  double z_;
  Channels offers_;
};

}  // namespace windtunnel

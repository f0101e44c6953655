#pragma once

#include <limits>

namespace windtunnel {

/// The value of an arm nobody has had yet: it is chosen before all others.
inline constexpr double kUnknownFirst = std::numeric_limits<double>::infinity();

/// The mean reward of an arm, for forms of which it is the whole index or a part of it. Means s/n are
/// compared as doubles: two fractions whose denominators have a product below 2^53 are rounded to the same
/// double only if they are equal.
struct MeanValue {
  using Quick = float;
  template <class Real>
  Real value(Real n, Real s) const {
    return s / n;
  }
  double unknown() const { return kUnknownFirst; }
};

}  // namespace windtunnel

#pragma once

#include <limits>
#include <span>
#include <string>
#include <vector>

#include "windtunnel/core/samplers.hpp"

namespace windtunnel {

/// A law over numbers as scenarios write it: truths drawn per replication, and an analyst's beliefs.
///
/// Plain data: `type` decides which parameters count. `minimum`, `maximum` truncate (conditioning, not
/// clamping). A plain number in a scenario is a `point`.
struct Distribution {
  enum class Type { point, normal, beta, discrete, mixture };

  Type type = Type::point;
  double value = 0;                      ///< point
  double mean = 0, sd = 1;               ///< normal, sd > 0
  double a = 1, b = 1;                   ///< beta, both > 0
  std::vector<double> values, weights;   ///< discrete (both), mixture (weights); weights > 0, any sum
  std::vector<Distribution> components;  ///< mixture
  double minimum = -std::numeric_limits<double>::infinity();
  double maximum = std::numeric_limits<double>::infinity();

  static Distribution point(double value);

  bool is_point() const { return type == Type::point; }

  /// Smallest interval that holds every value that can be drawn.
  struct Support {
    double low, high;
  };
  Support support() const;

  /// Share of the law that `minimum` and `maximum` leave, in 0 ... 1; at 0 nothing can be drawn.
  double kept() const;

  /// Mean of the (truncated) law, to about 1e-12 of its largest value.
  double expectation() const;

  bool operator==(const Distribution&) const = default;
};

/// Draws one value per lane by inversion of one uniform (mixtures: one more for each level of nesting, to
/// choose the component), so that a value grows with its uniform whatever the truncation.
///   address  uses draws draw, draw + 1, and two more for each level of nesting
///   errors   normal quantile as math::normal_quantile; beta to 1e-12 in probability
void sample(const Distribution& law, LaneSource source, Address address, std::span<double> out);

}  // namespace windtunnel

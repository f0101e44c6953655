#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "stirling.hpp"
#include "windtunnel/core/lane_math.hpp"
#include "windtunnel/design/posterior.hpp"
#include "windtunnel/design/quadrature.hpp"

/// Beliefs as laws of a variable y in which their densities are smooth and logarithmically concave: what
/// probability_best integrates. All are exponential families: along a panel, the logarithm of a density
/// changes by `first` * first statistic - `second` * second statistic, statistics that laws of one family
/// share. What loops over nodes or arms call is branch-free.
///   kNumbers           the members a law consists of
///   mode, spread       where the density is largest; (-(log f)'')^(-1/2) there
///   peak()             the normalised density at the mode
///   log_density(y)     log of the density over that at the mode
///   slope(y)           its derivative
///   farthest(drop)     beyond that distance from the mode, on the steep side, the density is e^-drop of it
///   times(other)       the law whose density is the product of both, up to a constant
///   statistics(panel), coefficients(statistics)  as above, from the panel's lower end on
///   step(y, place(y))  how far a panel from y on may go so that sixteen nodes follow the density
namespace windtunnel::smooth_laws {

/// Sixteen nodes follow a density, and its integral, over this many standard deviations of a bell or e-folds
/// of an exponential.
inline constexpr double kPanelDeviations = 3.2;
inline constexpr double kPanelFolds = 16.0;

inline constexpr double kPerSqrtTwoPi = 0.39894228040143267794;

/// A panel's nodes and its end, and places that fill whole vectors.
inline constexpr std::size_t kPlaces = 24, kEnd = quadrature::kNodes;
using Places = std::array<double, kPlaces>;

/// How far nodes and end lie into a panel of width 1.
inline constexpr Places kFraction = [] {
  Places places{};
  for (std::size_t i = 0; i < kPlaces; ++i) places[i] = i < kEnd ? 0.5 + 0.5 * quadrature::kPosition[i] : 1.0;
  return places;
}();

/// Both statistics at a panel's places, and what coefficients depend on: a side, or the lower end.
struct Statistics {
  Places first, second;
  double from;
};

struct Coefficients {
  double first, second;
};

/// The distance d at which a Gamma variable's shape (e^d - 1 - d) exceeds `drop`, or a little more; spread^2
/// = 1 / shape.
inline double steep_distance(double drop, double spread) {
  return 1.3 + lane_log1p(2.0 * drop * spread * spread);
}

/// A panel's width where the curvature of a logarithmic density grows by e-folds of y on one side.
///   is_growing  towards larger y
///   straight    how far it has no curvature to speak of
inline double width_among_folds(double curvature, double slope, bool is_growing, double straight) {
  constexpr double kWidest = 3.0;  // poles of log odds are pi away
  const double own = std::min(kPanelDeviations / std::sqrt(curvature), kWidest);
  const double bent = is_growing ? own / (1.0 + 0.5 * own) : own;
  return std::min(std::max(bent, straight), kPanelFolds / std::fabs(slope));
}

/// A Beta variable x as y = log(x / (1 - x)), whose density is x^a (1 - x)^b up to a constant. Statistics: y,
/// and the growth of log(1 + e^y) or, above 0, of log(1 + e^-y).
struct LogOdds {
  double a = 1, b = 1, mode = 0, spread = 1;
  double bend = 1;  ///< beyond |y| = log n the density becomes an exponential
  static constexpr double LogOdds::*kNumbers[] = {&LogOdds::a, &LogOdds::b, &LogOdds::mode, &LogOdds::spread,
                                                  &LogOdds::bend};

  LogOdds() = default;
  explicit LogOdds(BetaPosterior beta)
      : a(beta.a),
        b(beta.b),
        mode(lane_log(beta.a / beta.b)),
        spread(std::sqrt((beta.a + beta.b) / beta.a / beta.b)),
        bend(lane_log1p(beta.a + beta.b)) {}

  LogOdds times(const LogOdds& other) const { return LogOdds({a + other.a, b + other.b}); }

  double peak() const {
    const double correction =
        lane_stirling_correction(a + b) - lane_stirling_correction(a) - lane_stirling_correction(b);
    return kPerSqrtTwoPi / spread * lane_exp(correction);
  }

  /// From x / x_mode = e^d / (1 + x_mode (e^d - 1)), or the same for 1 - x: the smaller of the two, lest
  /// large numbers be subtracted, unless e^d overflows.
  double log_density(double y) const {
    constexpr double kLargest = 700.0;
    const double n = a + b, d = y - mode, limit = a < b ? kLargest : -kLargest;
    const double c = d < limit ? a : b, e = d < limit ? d : -d;
    return c * e - n * lane_log1p(c / n * lane_expm1(e));
  }

  double slope(double y) const { return a - (a + b) / (1.0 + lane_exp(-y)); }
  double farthest(double drop) const { return steep_distance(drop, spread); }

  static Statistics statistics(const LogOdds&, const quadrature::Panel& panel) {
    Statistics s;
    const double sign = panel.lower > 0 ? -1.0 : 1.0, odds = lane_exp(-std::fabs(panel.lower));
    const double least = odds / (1.0 + odds), width = panel.upper - panel.lower;
    for (std::size_t i = 0; i < kPlaces; ++i) {
      s.first[i] = width * kFraction[i];
      s.second[i] = lane_log1p(least * lane_expm1(sign * s.first[i]));
    }
    s.from = panel.lower;
    return s;
  }
  Coefficients coefficients(const Statistics& s) const { return {s.from > 0 ? -b : a, a + b}; }

  struct Place {
    double x, spread;  ///< x and x (1 - x)
  };
  static Place place(const LogOdds&, double y) {
    const double odds = lane_exp(-std::fabs(y)), least = odds / (1.0 + odds);
    return {y < 0 ? least : 1.0 / (1.0 + odds), least / (1.0 + odds)};
  }
  double step(double y, const Place& at) const {
    const double n = a + b, straight = y < 0 ? 0.5 * (-y - bend) : y - bend;
    return width_among_folds(n * at.spread, a - n * at.x, y < 0, straight);
  }
};

/// A normal variable. Statistics: y and y^2, from the panel's lower end on.
struct Bell {
  double mode = 0, spread = 1;
  static constexpr double Bell::*kNumbers[] = {&Bell::mode, &Bell::spread};

  Bell() = default;
  explicit Bell(NormalPosterior normal) : mode(normal.mean), spread(normal.sd) {}

  Bell times(const Bell& other) const {
    const double own = 1.0 / (spread * spread), others = 1.0 / (other.spread * other.spread);
    return Bell({mode + (other.mode - mode) * (others / (own + others)), 1.0 / std::sqrt(own + others)});
  }

  double peak() const { return kPerSqrtTwoPi / spread; }

  double log_density(double y) const {
    const double z = (y - mode) / spread;
    return -0.5 * z * z;
  }

  double slope(double y) const { return (mode - y) / spread / spread; }
  double farthest(double drop) const { return std::sqrt(2.0 * drop) * spread; }

  static Statistics statistics(const Bell&, const quadrature::Panel& panel) {
    Statistics s;
    for (std::size_t i = 0; i < kPlaces; ++i) {
      s.first[i] = (panel.upper - panel.lower) * kFraction[i];
      s.second[i] = s.first[i] * s.first[i];
    }
    s.from = panel.lower;
    return s;
  }
  Coefficients coefficients(const Statistics& s) const { return {slope(s.from), 0.5 / spread / spread}; }

  struct Place {};
  static Place place(const Bell&, double) { return {}; }
  double step(double y, Place) const {
    return std::min(kPanelDeviations * spread, kPanelFolds / std::fabs(slope(y)));
  }
};

/// A Gamma variable x as y = direction * log x, whose density is x^shape e^(-rate x) up to a constant.
/// Statistics: log x and the growth of x relative to that at the panel's lower end.
struct LogGamma {
  double shape = 1, rate = 1, direction = 1, mode = 0, spread = 1;
  static constexpr double LogGamma::*kNumbers[] = {&LogGamma::shape, &LogGamma::rate, &LogGamma::direction,
                                                   &LogGamma::mode, &LogGamma::spread};

  LogGamma() = default;
  LogGamma(GammaPosterior gamma, double turned)
      : shape(gamma.shape),
        rate(gamma.rate),
        direction(turned),
        mode(turned * lane_log(gamma.shape / gamma.rate)),
        spread(1.0 / std::sqrt(gamma.shape)) {}

  LogGamma times(const LogGamma& other) const {
    return {{shape + other.shape, rate + other.rate}, direction};
  }

  double peak() const { return kPerSqrtTwoPi / spread * lane_exp(-lane_stirling_correction(shape)); }

  double log_density(double y) const {
    const double d = direction * (y - mode);
    return shape * (d - lane_expm1(d));
  }

  double slope(double y) const { return -direction * shape * lane_expm1(direction * (y - mode)); }
  double farthest(double drop) const { return steep_distance(drop, spread); }

  static Statistics statistics(const LogGamma& any, const quadrature::Panel& panel) {
    Statistics s;
    for (std::size_t i = 0; i < kPlaces; ++i) {
      s.first[i] = any.direction * ((panel.upper - panel.lower) * kFraction[i]);
      s.second[i] = lane_expm1(s.first[i]);
    }
    s.from = panel.lower;
    return s;
  }
  Coefficients coefficients(const Statistics& s) const {
    return {shape, shape * lane_exp(direction * (s.from - mode))};
  }

  struct Place {};
  static Place place(const LogGamma&, double) { return {}; }
  double step(double y, Place) const {
    const double d = direction * (y - mode);
    const double straight = (direction > 0 ? 0.5 : 1.0) * (-d - lane_log1p(shape));
    return width_among_folds(shape * lane_exp(d), slope(y), direction > 0, straight);
  }
};

}  // namespace windtunnel::smooth_laws

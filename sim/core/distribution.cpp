#include "windtunnel/core/distribution.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "distribution_internal.hpp"
#include "windtunnel/core/math.hpp"

namespace windtunnel {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

bool holds(Interval interval, double x) {
  return interval.low <= x && x <= interval.high;
}

/// P(low <= Z <= high), in the tail where it loses no digits.
double normal_mass(double low, double high) {
  if (low > 0) return math::normal_upper(low) - math::normal_upper(high);
  return math::normal_cdf(high) - math::normal_cdf(low);
}

double beta_mass(double a, double b, Interval within) {
  const double low = std::max(within.low, 0.0), high = std::min(within.high, 1.0);
  if (low >= high) return 0;
  if (low * (a + b) > a) return math::incomplete_beta(b, a, 1 - low) - math::incomplete_beta(b, a, 1 - high);
  return math::incomplete_beta(a, b, high) - math::incomplete_beta(a, b, low);
}

/// Mass inside `within` of a law, its own minimum and maximum left aside.
double untruncated_mass(const Distribution& law, Interval within) {
  if (within.low > within.high) return 0;
  double inside = 0, total = 0;
  switch (law.type) {
    case Distribution::Type::point:
      return holds(within, law.value) ? 1 : 0;
    case Distribution::Type::normal:
      return normal_mass((within.low - law.mean) / law.sd, (within.high - law.mean) / law.sd);
    case Distribution::Type::beta:
      return beta_mass(law.a, law.b, within);
    case Distribution::Type::discrete:
      for (std::size_t i = 0; i < law.values.size(); ++i) {
        total += law.weights[i];
        inside += holds(within, law.values[i]) ? law.weights[i] : 0;
      }
      return inside / total;
    case Distribution::Type::mixture:
      for (std::size_t i = 0; i < law.components.size(); ++i) {
        total += law.weights[i];
        inside += law.weights[i] * mass_within(law.components[i], within);
      }
      return inside / total;
  }
  return 0;
}

/// Mean of a law given that it lies inside `within`, an interval of positive mass no wider than its own.
double mean_within(const Distribution& law, Interval within) {
  double sum = 0, total = 0;
  switch (law.type) {
    case Distribution::Type::point:
      return law.value;
    case Distribution::Type::normal: {
      const double low = (within.low - law.mean) / law.sd, high = (within.high - law.mean) / law.sd;
      return law.mean + law.sd * (math::normal_pdf(low) - math::normal_pdf(high)) / normal_mass(low, high);
    }
    case Distribution::Type::beta:
      // x times the density of Beta(a, b) is a / (a + b) times that of Beta(a + 1, b).
      return law.a / (law.a + law.b) * beta_mass(law.a + 1, law.b, within) / beta_mass(law.a, law.b, within);
    case Distribution::Type::discrete:
      for (std::size_t i = 0; i < law.values.size(); ++i) {
        const double weight = holds(within, law.values[i]) ? law.weights[i] : 0;
        total += weight;
        sum += weight * law.values[i];
      }
      return sum / total;
    case Distribution::Type::mixture:
      for (std::size_t i = 0; i < law.components.size(); ++i) {
        const Distribution& component = law.components[i];
        const double weight = law.weights[i] * mass_within(component, within);
        if (weight == 0) continue;
        total += weight;
        sum += weight * mean_within(component, narrowed(component, within));
      }
      return sum / total;
  }
  return 0;
}

/// Ends of the values a law can take inside `within`; {infinity, -infinity} when there are none.
Interval reach(const Distribution& law, Interval within) {
  Interval hull{kInfinity, -kInfinity};
  switch (law.type) {
    case Distribution::Type::point:
      return holds(within, law.value) ? Interval{law.value, law.value} : hull;
    case Distribution::Type::normal:
      return within;
    case Distribution::Type::beta:
      return {std::max(within.low, 0.0), std::min(within.high, 1.0)};
    case Distribution::Type::discrete:
      for (double value : law.values)
        if (holds(within, value)) hull = {std::min(hull.low, value), std::max(hull.high, value)};
      return hull;
    case Distribution::Type::mixture:
      for (const Distribution& component : law.components) {
        if (mass_within(component, within) == 0) continue;
        const Interval part = reach(component, narrowed(component, within));
        hull = {std::min(hull.low, part.low), std::max(hull.high, part.high)};
      }
      return hull;
  }
  return hull;
}

}  // namespace

Interval narrowed(const Distribution& law, Interval within) {
  return {std::max(law.minimum, within.low), std::min(law.maximum, within.high)};
}

double mass_within(const Distribution& law, Interval within) {
  const double inside = untruncated_mass(law, narrowed(law, within));
  return inside == 0 ? 0 : inside / law.kept();
}

Distribution Distribution::point(double value) {
  Distribution law;
  law.value = value;
  return law;
}

Distribution::Support Distribution::support() const {
  const Interval ends = reach(*this, {minimum, maximum});
  return {ends.low, ends.high};
}

double Distribution::kept() const {
  // Untruncated is exactly 1: a sum of weights might round.
  if (minimum == -kInfinity && maximum == kInfinity) return 1;
  return untruncated_mass(*this, {minimum, maximum});
}

double Distribution::expectation() const {
  return mean_within(*this, {minimum, maximum});
}

}  // namespace windtunnel

#include "windtunnel/core/intervals.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "windtunnel/core/math.hpp"
#include "windtunnel/core/number_text.hpp"

namespace windtunnel {

namespace {

void check_count(i64 count, i64 replications) {
  if (replications < 1 || count < 0 || count > replications) {
    throw std::invalid_argument(std::to_string(count) + " of " + std::to_string(replications) +
                                " is no proportion (needs 0 <= count <= replications, replications >= 1)");
  }
}

/// The z a standard normal variate stays within +-z of with probability `level`.
double two_sided_quantile(double level) {
  if (!(level > 0.0 && level < 1.0)) {
    throw std::invalid_argument(number_text(level) + " is no confidence level (needs 0 < level < 1)");
  }
  return -math::normal_quantile(0.5 * (1.0 - level));
}

}  // namespace

Interval wilson_interval(i64 count, i64 replications, double level) {
  check_count(count, replications);
  const double z = two_sided_quantile(level);
  const double n = static_cast<double>(replications);
  const double successes = static_cast<double>(count);
  const double failures = static_cast<double>(replications - count);
  const double z2 = z * z;
  const double centre = (successes + 0.5 * z2) / (n + z2);
  const double half_width = z * std::sqrt(successes * (failures / n) + 0.25 * z2) / (n + z2);
  return {count == 0 ? 0.0 : std::max(0.0, centre - half_width),
          count == replications ? 1.0 : std::min(1.0, centre + half_width)};
}

Interval normal_interval(double mean, double standard_error, double level) {
  if (!(standard_error >= 0.0)) {
    throw std::invalid_argument(number_text(standard_error) + " is no standard error (needs >= 0)");
  }
  const double half_width = two_sided_quantile(level) * standard_error;
  return {mean - half_width, mean + half_width};
}

double binomial_standard_error(i64 count, i64 replications) {
  check_count(count, replications);
  const double n = static_cast<double>(replications);
  const double proportion = static_cast<double>(count) / n;
  const double complement = static_cast<double>(replications - count) / n;
  return std::sqrt(proportion * complement / n);
}

}  // namespace windtunnel

#pragma once

#include <cmath>

#include "windtunnel/core/fields.hpp"
#include "windtunnel/core/math.hpp"
#include "windtunnel/core/samplers.hpp"

/// What the outcomes with lognormal values share.
namespace windtunnel {

/// Logarithms stay where neither a value nor its square leaves the doubles, and tails where sums of doubles
/// still hold what the others contribute.
inline constexpr Range kLogMeans{-50, 50};
inline constexpr Range kLogSds{0, 3, Range::Ends::open_low};

inline void describe_lognormal(Fields& fields, double& log_mean, double& log_sd) {
  fields.number("log_mean", log_mean, kLogMeans, {"mean of the logarithm", "", About::Need::required});
  fields.number("log_sd", log_sd, kLogSds,
                {"standard deviation of the logarithm", "", About::Need::required});
}

inline double lognormal_mean(double log_mean, double log_sd) {
  return math::exp(log_mean + 0.5 * log_sd * log_sd);
}

/// The means that lifts of every value reach before the log_mean leaves its range.
inline Range summable_lognormal_means(double mean, double log_mean) {
  return {0, mean * math::exp(kLogMeans.high - log_mean)};
}

/// P(Y <= x) of a lognormal value; with the log_mean -infinity, of 0.
inline double lognormal_cdf(double x, double log_mean, double log_sd) {
  if (x < 0) return 0;
  if (!std::isfinite(log_mean)) return 1;
  return math::normal_cdf((math::log(x) - log_mean) / log_sd);
}

/// Bound on a lognormal value as it can be drawn.
inline double largest_lognormal(double log_mean, double log_sd) {
  return math::exp(log_mean + kFarthestNormal * log_sd);
}

}  // namespace windtunnel

#include "windtunnel/design/interval.hpp"

#include <cmath>
#include <limits>

#include "windtunnel/core/math.hpp"

namespace windtunnel {

Estimate without_interval(double value) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  return {value, kInfinity, -kInfinity};
}

DefaultInterval::DefaultInterval(double alpha, Channels offers)
    : z_(-math::normal_quantile(alpha / 2)), offers_(offers) {}

double DefaultInterval::variance_of_mean(const Observed& observed, int arm, int lane) const {
  const double n = observed.users.row(arm)[lane];
  if (offers_.has(Channel::successes)) {
    const double s = observed.successes.row(arm)[lane];
    return s * (n - s) / (n * n * n);
  }
  return observed.deviations.row(arm)[lane] / ((n - 1) * n);
}

double DefaultInterval::variance(const Evidence& evidence, const Observed& observed, int arm,
                                 int lane) const {
  const bool counted = offers_.has(Channel::successes);
  const int least = counted ? 1 : 2;
  const bool enough = observed.users.row(0)[lane] >= least && observed.users.row(arm)[lane] >= least;
  if (!enough || !(counted || offers_.has(Channel::deviations))) return evidence.variance.row(arm - 1)[lane];
  return variance_of_mean(observed, 0, lane) + variance_of_mean(observed, arm, lane);
}

void DefaultInterval::report(const Evidence& evidence, const Observed& observed, std::span<const int> ended,
                             const i32* arm, Table<double>& estimates) const {
  for (int lane : ended) {
    const int h = arm[lane] - 1;
    const double value = evidence.estimate(h, lane);
    Estimate estimate = without_interval(value);
    if (evidence.variance.row(h)[lane] > 0) {
      const double half = z_ * std::sqrt(variance(evidence, observed, arm[lane], lane));
      estimate = {value, value - half, value + half};
    }
    write_estimate(estimate, lane, estimates);
  }
}

}  // namespace windtunnel

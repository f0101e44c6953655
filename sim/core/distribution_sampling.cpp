#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "distribution_internal.hpp"
#include "windtunnel/core/math.hpp"

namespace windtunnel {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Where to start looking for the p-quantile of Beta(a, b).
///   source  Abramowitz & Stegun (1964), 26.5.22; below a or b = 1 the power laws of the two ends
double beta_quantile_guess(double p, double a, double b) {
  if (a >= 1 && b >= 1) {
    const double z = -math::normal_quantile(p);
    const double curvature = (z * z - 3) / 6;
    const double u = 1 / (2 * a - 1), v = 1 / (2 * b - 1);
    const double h = 2 / (u + v);
    const double w =
        z * std::sqrt(std::max(0.0, curvature + h)) / h - (v - u) * (curvature + 5.0 / 6 - 2 / (3 * h));
    return a / (a + b * math::exp(2 * w));
  }
  const double left = math::exp(a * math::log(a / (a + b))) / a;
  const double right = math::exp(b * math::log(b / (a + b))) / b;
  const double total = left + right;
  if (p < left / total) return math::exp(math::log(a * total * p) / a);
  return 1 - math::exp(math::log(b * total * (1 - p)) / b);
}

/// The x in [0, 1] with I_x(a, b) = p, by Newton's method kept inside a shrinking bracket.
double beta_quantile(double p, double a, double b) {
  constexpr int kMostSteps = 100;
  constexpr double kClose = 0x1p-48;  // of x
  const double log_beta = math::log_beta(a, b);
  double low = 0, high = 1;
  double x = std::min(std::max(beta_quantile_guess(p, a, b), 0x1p-1000), 1 - 0x1p-53);
  for (int step = 0; step < kMostSteps; ++step) {
    const double excess = math::incomplete_beta(a, b, x) - p;
    if (excess == 0) return x;
    (excess < 0 ? low : high) = x;
    const double density = math::exp((a - 1) * math::log(x) + (b - 1) * math::log1p(-x) - log_beta);
    double next = x - excess / density;
    // The left end may be many powers of ten away: bisect by factors there.
    if (!(next > low && next < high)) next = low > 0 ? 0.5 * (low + high) : 0.0625 * high;
    const bool close = std::fabs(next - x) <= kClose * x;
    x = next;
    if (close) return x;
  }
  return x;
}

/// Fills `out` with quantiles of the law inside `within`, an interval of positive mass.
void invert_normal(const Distribution& law, Interval within, std::span<double> out) {
  const double low = (within.low - law.mean) / law.sd, high = (within.high - law.mean) / law.sd;
  // The upper tail is inverted by its mirror image, where probabilities near 0 keep their digits.
  const bool mirror = low > 0;
  const double from = math::normal_cdf(mirror ? -high : low), to = math::normal_cdf(mirror ? -low : high);
  for (double& x : out) {
    const double p = from + (mirror ? 1 - x : x) * (to - from);
    const double z = math::normal_quantile(p);
    // Rounding may leave the interval by an ulp.
    x = std::clamp(law.mean + law.sd * (mirror ? -z : z), within.low, within.high);
  }
}

void invert_beta(const Distribution& law, Interval within, std::span<double> out) {
  const double low = std::max(within.low, 0.0), high = std::min(within.high, 1.0);
  const bool mirror = low * (law.a + law.b) > law.a;
  const double a = mirror ? law.b : law.a, b = mirror ? law.a : law.b;
  const double from = math::incomplete_beta(a, b, mirror ? 1 - high : low);
  const double to = math::incomplete_beta(a, b, mirror ? 1 - low : high);
  for (double& x : out) {
    const double q = beta_quantile(from + (mirror ? 1 - x : x) * (to - from), a, b);
    x = std::clamp(mirror ? 1 - q : q, low, high);
  }
}

/// The index whose share of the total holds u, given weights of which some are positive.
std::size_t pick(const std::vector<double>& weights, double total, double u) {
  double so_far = 0;
  std::size_t last = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] == 0) continue;
    last = i;
    so_far += weights[i];
    if (u * total < so_far) return i;
  }
  return last;
}

double sum(const std::vector<double>& weights) {
  double total = 0;
  for (double weight : weights) total += weight;
  return total;
}

void sample_within(const Distribution& law, Interval within, LaneSource source, Address address,
                   std::span<double> out);

void sample_mixture(const Distribution& law, Interval within, LaneSource source, Address address,
                    std::span<double> out) {
  std::vector<double> weights;
  for (std::size_t i = 0; i < law.components.size(); ++i)
    weights.push_back(law.weights[i] * mass_within(law.components[i], within));
  const double total = sum(weights);
  std::vector<double> chooser(out.size()), drawn(out.size());
  sample_uniform(source, address, chooser);
  for (double& u : chooser) u = static_cast<double>(pick(weights, total, u));
  for (std::size_t i = 0; i < law.components.size(); ++i) {
    if (weights[i] == 0) continue;
    // A lane takes one component only, so all of them may read the same address.
    sample_within(law.components[i], narrowed(law.components[i], within), source, later(address, 2), drawn);
    for (std::size_t l = 0; l < out.size(); ++l)
      if (chooser[l] == static_cast<double>(i)) out[l] = drawn[l];
  }
}

void sample_within(const Distribution& law, Interval within, LaneSource source, Address address,
                   std::span<double> out) {
  switch (law.type) {
    case Distribution::Type::point:
      std::fill(out.begin(), out.end(), law.value);
      return;
    case Distribution::Type::normal:
      if (within.low == -kInfinity && within.high == kInfinity) {
        sample_normal(source, address, out);
        for (double& x : out) x = law.mean + law.sd * x;
        return;
      }
      sample_uniform(source, address, out);
      return invert_normal(law, within, out);
    case Distribution::Type::beta:
      sample_uniform(source, address, out);
      return invert_beta(law, within, out);
    case Distribution::Type::discrete: {
      std::vector<double> weights = law.weights;
      for (std::size_t i = 0; i < weights.size(); ++i)
        if (law.values[i] < within.low || law.values[i] > within.high) weights[i] = 0;
      const double total = sum(weights);
      sample_uniform(source, address, out);
      for (double& x : out) x = law.values[pick(weights, total, x)];
      return;
    }
    case Distribution::Type::mixture:
      return sample_mixture(law, within, source, address, out);
  }
}

}  // namespace

void sample(const Distribution& law, LaneSource source, Address address, std::span<double> out) {
  sample_within(law, {law.minimum, law.maximum}, source, address, out);
}

}  // namespace windtunnel

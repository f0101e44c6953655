#include <cmath>

#include "lane_chunks.hpp"
#include "lane_variates.hpp"
#include "math_internal.hpp"
#include "windtunnel/core/math.hpp"
#include "windtunnel/core/samplers.hpp"

namespace windtunnel {
namespace {

/// Mean from which rejection is used; its constants hold from here on.
constexpr double kRejectionMean = 10.0;

/// Constants of BTRS for `trials` trials and success probability p <= 1/2.
struct Hat {
  double a, b, centre, quick;
};

inline Hat hat(double trials, double p, double deviation) {
  const double b = 1.15 + 2.53 * deviation;
  return {-0.0873 + 0.0248 * b + 0.01 * p, b, trials * p + 0.5, 0.92 - 4.2 / b};
}

/// Attempt t has its u in draws 4t and 4t + 1, its v in 4t + 2 and 4t + 3; inversion reads the first u.
constexpr u32 kDrawsOfAttempt = 4;

/// Attempts fail with probability 0.5 at most; this many are made of parameters that are not numbers.
constexpr u32 kMaxAttempts = kBinomialDraws / kDrawsOfAttempt;

/// A point of the hat and whether it lies where acceptance needs no computation (step 1 of BTRS).
struct Candidate {
  double u, distance, outcome;
  bool quick;
};

inline Candidate candidate(const Hat& hat, double uniform, double v) {
  const double u = uniform - 0.5;
  const double distance = 0.5 - std::fabs(u);
  const double outcome = std::floor((2.0 * hat.a / distance + hat.b) * u + hat.centre);
  return {u, distance, outcome, distance >= 0.07 && v <= hat.quick};
}

/// log(P(k) / P(mode)) of Binomial(trials, p) with odds p / (1 - p). Logarithms of ratios near 1 keep the
/// error near 1e-15 times the distance from the mode.
double log_relative_mass(double k, double mode, double trials, double odds) {
  using math::stirling_correction;
  const double step = k - mode;
  return (k + 0.5) * math::log1p(-step / (k + 1.0)) +
         (trials - k + 0.5) * math::log1p(step / (trials - k + 1.0)) +
         step * math::log(odds * (trials - mode + 1.0) / (mode + 1.0)) +
         (stirling_correction(mode + 1.0) - stirling_correction(k + 1.0)) +
         (stirling_correction(trials - mode + 1.0) - stirling_correction(trials - k + 1.0));
}

double binomial_by_rejection(double trials, double p, const Random& random, u64 replication,
                             Address address) {
  const double deviation = std::sqrt(trials * p * (1.0 - p));
  const Hat shape = hat(trials, p, deviation);
  const double alpha = (2.83 + 5.1 / shape.b) * deviation;
  const double mode = std::floor((trials + 1.0) * p);
  for (u32 i = 0; i < kMaxAttempts; ++i) {
    const Address attempt = later(address, kDrawsOfAttempt * i);
    const double v = uniform_at(random, replication, later(attempt, 2));
    const Candidate point = candidate(shape, uniform_at(random, replication, attempt), v);
    if (point.quick) return point.outcome;
    if (point.outcome < 0.0 || point.outcome > trials) continue;
    const double height = v * alpha / (shape.a / (point.distance * point.distance) + shape.b);
    if (math::log(height) <= log_relative_mass(point.outcome, mode, trials, p / (1.0 - p)))
      return point.outcome;
  }
  return 0.0;
}

/// The smallest k whose distribution function reaches the uniform; mass beyond 2^-80 is never walked through.
double binomial_by_inversion(double trials, double p, double uniform) {
  const double odds = p / (1.0 - p);
  double mass = math::exp(trials * math::log1p(-p));
  double k = 0.0;
  while (uniform > mass && k < trials && mass > 0x1p-80) {
    uniform -= mass;
    mass *= (trials - k) * odds / (k + 1.0);
    k += 1.0;
  }
  return k;
}

/// The law of one lane; the loop below does the quick part of it for many.
i32 binomial_variate(i32 count, double probability, const Random& random, u64 replication, Address address) {
  const double p = std::min(probability, 1.0 - probability);
  const double outcome = count * p < kRejectionMean
                             ? binomial_by_inversion(count, p, uniform_at(random, replication, address))
                             : binomial_by_rejection(count, p, random, replication, address);
  const i32 successes = static_cast<i32>(outcome);
  return probability > 0.5 ? count - successes : successes;
}

/// Outcomes of the lanes whose first attempt is accepted quickly, -1 for the others: three quarters of the
/// lanes with a large mean.
void attempt_lanes(const i32* __restrict count, const double* __restrict probability,
                   const double* __restrict uniform, const double* __restrict v, i32* __restrict out,
                   int lanes) {
  for (int lane = 0; lane < lanes; ++lane) {
    const double trials = count[lane];
    const double p = std::min(probability[lane], 1.0 - probability[lane]);
    const Hat shape = hat(trials, p, std::sqrt(trials * p * (1.0 - p)));
    const Candidate point = candidate(shape, uniform[lane], v[lane]);
    const bool accepted = point.quick && trials * p >= kRejectionMean;
    const double outcome = probability[lane] > 0.5 ? trials - point.outcome : point.outcome;
    out[lane] = static_cast<i32>(accepted ? outcome : -1.0);
  }
}

}  // namespace

void sample_binomial(LaneSource source, Address address, std::span<const i32> count,
                     std::span<const double> probability, std::span<i32> out) {
  for_chunks(source, out.size(), [&](LaneSource chunk, std::size_t first_lane, int lanes) {
    double uniform[kChunkLanes], v[kChunkLanes];
    const auto size = static_cast<std::size_t>(lanes);
    sample_uniform(chunk, address, {uniform, size});
    sample_uniform(chunk, later(address, 2), {v, size});
    const i32* const counts = count.data() + first_lane;
    const double* const chances = probability.data() + first_lane;
    i32* const outcome = out.data() + first_lane;
    attempt_lanes(counts, chances, uniform, v, outcome, lanes);
    for (int lane = 0; lane < lanes; ++lane)
      if (outcome[lane] < 0)
        outcome[lane] = binomial_variate(counts[lane], chances[lane], *chunk.random,
                                         chunk.first_replication + static_cast<u64>(lane), address);
  });
}

}  // namespace windtunnel

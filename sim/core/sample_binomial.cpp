#include <cmath>

#include "lane_chunks.hpp"
#include "lane_variates.hpp"
#include "windtunnel/core/lane_math.hpp"
#include "windtunnel/core/samplers.hpp"

namespace windtunnel {
namespace {

/// Mean from which rejection is used; the constants of BTRS hold from here on.
constexpr double kRejectionMean = 10.0;

/// Attempt t has its u in draws 4t and 4t + 1, its v in 4t + 2 and 4t + 3; inversion reads the first u.
constexpr u32 kDrawsOfAttempt = 4;

/// Attempts fail with probability 1/2 at most; this many are made of a probability that is not a number.
constexpr u32 kMaxAttempts = kBinomialDraws / kDrawsOfAttempt;

/// Lanes gathered side by side for one of the two methods, with success probability p <= 1/2.
struct Columns {
  int size = 0;
  int lane[kChunkLanes];
  double trials[kChunkLanes], p[kChunkLanes], u[kChunkLanes], v[kChunkLanes];
  double outcome[kChunkLanes];
};

/// log(1 + x) for -1/2 <= x: what rounding takes from 1 + x returns as a first-order correction.
inline double lane_log1p(double x) {
  const double sum = 1.0 + x;
  const double lost = x > 1.0 ? 1.0 - (sum - x) : x - (sum - 1.0);
  return lane_log(sum) + lost / sum;
}

/// log k! - ((k + 1/2) log(k + 1) - (k + 1) + log(2 pi) / 2) for k >= 0: t = 1 / (k + 1) times a near-minimax
/// polynomial in t, absolute error below 2e-12.
inline double stirling_correction(double k) {
  constexpr double kPolynomial[] = {0x1.555555552f3c3p-4,   0x1.91f45b29cd9bdp-31, -0x1.6c181f0ddd4d4p-9,
                                    0x1.da73c79cc0cfcp-21,  0x1.9af2aaa19289ep-11, 0x1.092ac505bcd12p-14,
                                    -0x1.b88f0a6cd1401p-11, 0x1.1ca6936c2d03cp-11, 0x1.aa67b0ebb1a3bp-12,
                                    -0x1.f1da3b6f61847p-11, 0x1.8281d1d0a7844p-11, -0x1.2a6fcb3362b3dp-12,
                                    0x1.7f9ecea5f1a36p-15};
  const double t = 1.0 / (k + 1.0);
  double sum = kPolynomial[12];
#pragma GCC unroll 12
  for (int i = 11; i >= 0; --i) sum = sum * t + kPolynomial[i];
  return t * sum;
}

/// log(P(k) / P(mode)) of Binomial(trials, p) with odds p / (1 - p). Logarithms of ratios near 1 keep the
/// absolute error below 1e-11 + 1e-15 |k - mode|.
inline double log_relative_mass(double k, double mode, double trials, double odds) {
  const double step = k - mode;
  return (k + 0.5) * lane_log1p(-step / (k + 1.0)) +
         (trials - k + 0.5) * lane_log1p(step / (trials - k + 1.0)) +
         step * lane_log(odds * (trials - mode + 1.0) / (mode + 1.0)) +
         (stirling_correction(mode) - stirling_correction(k)) +
         (stirling_correction(trials - mode) - stirling_correction(trials - k));
}

/// One attempt of BTRS in every column: its outcome, or -1 if it is rejected. The names are Hormann's.
void attempt_columns(const double* __restrict trials, const double* __restrict p, const double* __restrict u,
                     const double* __restrict v, double* __restrict outcome, int columns) {
  for (int i = 0; i < columns; ++i) {
    const double deviation = std::sqrt(trials[i] * p[i] * (1.0 - p[i]));
    const double b = 1.15 + 2.53 * deviation;
    const double a = -0.0873 + 0.0248 * b + 0.01 * p[i];
    const double alpha = (2.83 + 5.1 / b) * deviation;
    const double centred = u[i] - 0.5;
    const double us = 0.5 - std::fabs(centred);
    const double k = std::floor((2.0 * a / us + b) * centred + (trials[i] * p[i] + 0.5));
    const bool quick = (us >= 0.07) & (v[i] <= 0.92 - 4.2 / b);
    const bool inside = (k >= 0.0) & (k <= trials[i]);
    const double mode = std::floor((trials[i] + 1.0) * p[i]);
    const double log_mass = log_relative_mass(inside ? k : mode, mode, trials[i], p[i] / (1.0 - p[i]));
    const bool below = lane_log(v[i] * alpha / (a / (us * us) + b)) <= log_mass;
    outcome[i] = quick | (inside & below) ? k : -1.0;
  }
}

/// The smallest k whose distribution function reaches the uniform, in every column at the same pace.
void invert_columns(Columns& columns) {
  /// Where the mass falls below this the search ends: it is past the mode, and less than 2^-70 lies beyond.
  constexpr double kNegligible = 0x1p-80;
  double mass[kChunkLanes], odds[kChunkLanes];
  double* __restrict const u = columns.u;
  const double* __restrict const trials = columns.trials;
  double* __restrict const outcome = columns.outcome;
  for (int i = 0; i < columns.size; ++i) {
    mass[i] = lane_exp(trials[i] * lane_log1p(-columns.p[i]));
    odds[i] = columns.p[i] / (1.0 - columns.p[i]);
    outcome[i] = 0.0;
  }
  i64 searching = 1;
  for (double k = 0.0; searching > 0; k += 1.0) {
    const double inverse = 1.0 / (k + 1.0);
    searching = 0;
    for (int i = 0; i < columns.size; ++i) {
      const bool beyond = u[i] > mass[i] && mass[i] > kNegligible && k < trials[i];
      u[i] = beyond ? u[i] - mass[i] : u[i];
      mass[i] = beyond ? mass[i] * ((trials[i] - k) * odds[i] * inverse) : mass[i];
      outcome[i] = beyond ? k + 1.0 : outcome[i];
      searching += beyond;
    }
  }
}

enum class Method { inversion, rejection };

/// What the lanes of a chunk draw from and into.
struct Chunk {
  LaneSource source;
  Address address;
  const i32* count;
  const double* probability;
  i32* out;
  int lanes;
};

/// The lanes that `method` serves, beside each other, with the uniforms of their first attempt.
void gather(const Chunk& chunk, Method method, const double* u, const double* v, Columns& columns) {
  columns.size = 0;
  for (int lane = 0; lane < chunk.lanes; ++lane) {
    const double p = std::min(chunk.probability[lane], 1.0 - chunk.probability[lane]);
    const bool small = chunk.count[lane] * p < kRejectionMean;
    const int i = columns.size;
    columns.lane[i] = lane;
    columns.trials[i] = chunk.count[lane];
    columns.p[i] = p;
    columns.u[i] = u[lane];
    columns.v[i] = v[lane];
    columns.size += small == (method == Method::inversion);
  }
}

/// Writes what was decided, in terms of the lane's own probability, and keeps the columns that were not.
void scatter(const Chunk& chunk, Columns& columns) {
  int undecided = 0;
  for (int i = 0; i < columns.size; ++i) {
    const int lane = columns.lane[i];
    const i32 successes = static_cast<i32>(columns.outcome[i]);
    chunk.out[lane] = chunk.probability[lane] > 0.5 ? chunk.count[lane] - successes : successes;
    columns.lane[undecided] = lane;
    columns.trials[undecided] = columns.trials[i];
    columns.p[undecided] = columns.p[i];
    undecided += columns.outcome[i] < 0.0;
  }
  columns.size = undecided;
}

void sample_chunk(const Chunk& chunk) {
  double u[kChunkLanes], v[kChunkLanes];
  const auto size = static_cast<std::size_t>(chunk.lanes);
  sample_uniform(chunk.source, chunk.address, {u, size});
  sample_uniform(chunk.source, later(chunk.address, 2), {v, size});
  Columns columns;
  gather(chunk, Method::inversion, u, v, columns);
  invert_columns(columns);
  scatter(chunk, columns);
  gather(chunk, Method::rejection, u, v, columns);
  for (u32 attempt = 0; columns.size > 0 && attempt < kMaxAttempts; ++attempt) {
    for (int i = 0; attempt > 0 && i < columns.size; ++i) {
      const u64 replication = chunk.source.first_replication + static_cast<u64>(columns.lane[i]);
      const Address address = later(chunk.address, kDrawsOfAttempt * attempt);
      columns.u[i] = uniform_at(*chunk.source.random, replication, address);
      columns.v[i] = uniform_at(*chunk.source.random, replication, later(address, 2));
    }
    attempt_columns(columns.trials, columns.p, columns.u, columns.v, columns.outcome, columns.size);
    scatter(chunk, columns);
  }
}

}  // namespace

void sample_binomial(LaneSource source, Address address, std::span<const i32> count,
                     std::span<const double> probability, std::span<i32> out) {
  for_chunks(source, out.size(), [&](LaneSource chunk, std::size_t first_lane, int lanes) {
    sample_chunk({chunk, address, count.data() + first_lane, probability.data() + first_lane,
                  out.data() + first_lane, lanes});
  });
}

}  // namespace windtunnel

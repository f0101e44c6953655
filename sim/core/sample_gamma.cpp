#include <cmath>
#include <limits>

#include "lane_chunks.hpp"
#include "lane_variates.hpp"
#include "windtunnel/core/lane_math.hpp"
#include "windtunnel/core/samplers.hpp"

namespace windtunnel {
namespace {

enum class Boost { none, some };

/// Gamma variates as base * exp(log_boost): a shape below 1 has log_boost = log(U) / shape, which may lie far
/// below the exponents of doubles, others have 0.
struct GammaLanes {
  double base[kChunkLanes];
  double log_boost[kChunkLanes];
  Boost boost;  ///< whether any lane has one
};

/// Constants of the method for one shape, which is raised by one if it lies below 1.
struct Constants {
  double d;
  double c;
};

inline Constants constants(double shape) {
  const double d = (shape < 1.0 ? shape + 1.0 : shape) - 1.0 / 3.0;
  return {d, 1.0 / std::sqrt(9.0 * d)};
}

/// Draws 0 and 1 hold the uniform of the boost; attempt t has its normal in 2 + 4t and 3 + 4t, its uniform in
/// 4 + 4t and 5 + 4t.
constexpr u32 kFirstAttempt = 2, kDrawsOfAttempt = 4;

/// Logarithm of the ratio of the wanted density to the one proposed, at normal x; v = (1 + c x)^3.
inline double log_acceptance(double x, double v, double d) {
  return 0.5 * x * x + (d - d * v) + d * lane_log(v);
}

/// A valid shape rejects at most one attempt in twenty; this many are made of one that is not a number.
constexpr u32 kMaxAttempts = 1000;
static_assert(kFirstAttempt + kDrawsOfAttempt * kMaxAttempts <= kGammaDraws);

/// The law of one lane without its boost; the loop below does its first attempt for many lanes.
double gamma_by_rejection(Constants shape, const Random& random, u64 replication, Address address) {
  for (u32 i = 0; i < kMaxAttempts; ++i) {
    const Address attempt = later(address, kFirstAttempt + kDrawsOfAttempt * i);
    const double x = normal_at(random, replication, attempt);
    const double t = 1.0 + shape.c * x;
    const double v = t * t * t;
    if (!(v > 0.0)) continue;
    if (lane_log(uniform_at(random, replication, later(attempt, 2))) < log_acceptance(x, v, shape.d))
      return shape.d * v;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

/// First attempts, with the upper end of the uniform's interval of 32 bits; -1 where that does not accept.
template <class Shape>
void attempt_lanes(Shape shape, const double* __restrict normal, const u32* __restrict word,
                   double* __restrict out, int lanes) {
  for (int lane = 0; lane < lanes; ++lane) {
    const auto [d, c] = constants(shape(lane));
    const double x = normal[lane];
    const double t = 1.0 + c * x;
    const double v = t * t * t;
    const double log_uniform = lane_log((static_cast<double>(word[lane]) + 1.0) * 0x1p-32);
    out[lane] = log_uniform < log_acceptance(x, v, d) ? d * v : -1.0;
  }
}

template <class Shape>
void log_boost_lanes(Shape shape, const u32* __restrict high, const u32* __restrict low,
                     double* __restrict out, int lanes) {
  for (int lane = 0; lane < lanes; ++lane) {
    const double boost = lane_log(uniform_from_words(high[lane], low[lane])) / shape(lane);
    out[lane] = shape(lane) < 1.0 ? boost : 0.0;
  }
}

/// Fills `gamma` for `lanes` replications from source.first_replication on; shape(lane) is a lane's shape.
template <class Shape>
void sample_chunk(LaneSource source, Address address, Shape shape, GammaLanes& gamma, int lanes) {
  u32 high[kChunkLanes], low[kChunkLanes];
  double normal[kChunkLanes];
  const auto fill = [&](u32 draw, u32* words) {
    source.random->fill(source.first_replication, later(address, draw),
                        {words, static_cast<std::size_t>(lanes)});
  };
  fill(kFirstAttempt, high);
  fill(kFirstAttempt + 1, low);
  normal_from_words(high, low, normal, lanes);
  fill(kFirstAttempt + 2, high);
  attempt_lanes(shape, normal, high, gamma.base, lanes);
  int boosted = 0;
  for (int lane = 0; lane < lanes; ++lane) {
    boosted += shape(lane) < 1.0;
    if (gamma.base[lane] < 0.0)
      gamma.base[lane] = gamma_by_rejection(constants(shape(lane)), *source.random,
                                            source.first_replication + static_cast<u64>(lane), address);
  }
  gamma.boost = boosted > 0 ? Boost::some : Boost::none;
  if (gamma.boost == Boost::none) {
    std::fill_n(gamma.log_boost, lanes, 0.0);
    return;
  }
  fill(0, high);
  fill(1, low);
  log_boost_lanes(shape, high, low, gamma.log_boost, lanes);
}

void write_gamma(const GammaLanes& gamma, double* __restrict out, int lanes) {
  std::copy_n(gamma.base, lanes, out);
  if (gamma.boost == Boost::none) return;
  for (int lane = 0; lane < lanes; ++lane) out[lane] *= lane_exp(gamma.log_boost[lane]);
}

/// G_a / (G_a + G_b) as 1 / (1 + G_b / G_a), the boosts as one exponential: where both variates would
/// underflow their ratio does not.
void write_beta(const GammaLanes& a, const GammaLanes& b, double* __restrict out, int lanes) {
  for (int lane = 0; lane < lanes; ++lane) out[lane] = b.base[lane] / a.base[lane];
  if (a.boost == Boost::some || b.boost == Boost::some)
    for (int lane = 0; lane < lanes; ++lane) out[lane] *= lane_exp(b.log_boost[lane] - a.log_boost[lane]);
  for (int lane = 0; lane < lanes; ++lane) out[lane] = 1.0 / (1.0 + out[lane]);
}

}  // namespace

void sample_gamma(LaneSource source, Address address, double shape, std::span<double> out) {
  for_chunks(source, out.size(), [&](LaneSource chunk, std::size_t first_lane, int lanes) {
    GammaLanes gamma;
    sample_chunk(
        chunk, address, [=](int) { return shape; }, gamma, lanes);
    write_gamma(gamma, out.data() + first_lane, lanes);
  });
}

void sample_gamma(LaneSource source, Address address, std::span<const double> shape, std::span<double> out) {
  for_chunks(source, out.size(), [&](LaneSource chunk, std::size_t first_lane, int lanes) {
    GammaLanes gamma;
    const double* __restrict shapes = shape.data() + first_lane;
    sample_chunk(
        chunk, address, [=](int lane) { return shapes[lane]; }, gamma, lanes);
    write_gamma(gamma, out.data() + first_lane, lanes);
  });
}

void sample_beta(LaneSource source, Address address, double a, double b, std::span<double> out) {
  for_chunks(source, out.size(), [&](LaneSource chunk, std::size_t first_lane, int lanes) {
    GammaLanes gamma_a, gamma_b;
    sample_chunk(
        chunk, address, [=](int) { return a; }, gamma_a, lanes);
    sample_chunk(
        chunk, later(address, kGammaDraws), [=](int) { return b; }, gamma_b, lanes);
    write_beta(gamma_a, gamma_b, out.data() + first_lane, lanes);
  });
}

}  // namespace windtunnel

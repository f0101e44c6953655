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

/// The words of one attempt of every lane: two of the normal, two of the uniform.
struct AttemptWords {
  u32 normal_high[kChunkLanes], normal_low[kChunkLanes];
  u32 uniform_high[kChunkLanes], uniform_low[kChunkLanes];
};

/// One attempt of every lane: its variate without the boost, or -1 if it is rejected. The factor v is
/// negative where its logarithm is no number, which rejects as it should.
template <class Shape>
void attempt_lanes(Shape shape, const AttemptWords& words, double* __restrict out, int lanes) {
  double normal[kChunkLanes];
  normal_from_words(words.normal_high, words.normal_low, normal, lanes);
  for (int lane = 0; lane < lanes; ++lane) {
    const auto [d, c] = constants(shape(lane));
    const double x = normal[lane];
    const double t = 1.0 + c * x;
    const double v = t * t * t;
    const double uniform = uniform_from_words(words.uniform_high[lane], words.uniform_low[lane]);
    out[lane] = lane_log(uniform) < log_acceptance(x, v, d) ? d * v : -1.0;
  }
}

/// Attempts once more, side by side, the lanes that were rejected until none is left.
template <class Shape>
void attempt_again(LaneSource source, Address address, Shape shape, double* __restrict out, int lanes) {
  int pending[kChunkLanes], size = 0;
  for (int lane = 0; lane < lanes; ++lane)
    if (out[lane] < 0.0) pending[size++] = lane;
  for (u32 i = 1; size > 0 && i < kMaxAttempts; ++i) {
    AttemptWords words;
    double variate[kChunkLanes];
    for (int slot = 0; slot < size; ++slot) {
      const u64 replication = source.first_replication + static_cast<u64>(pending[slot]);
      const auto word = [&](u32 draw) {
        return source.random->word(replication, later(address, kFirstAttempt + kDrawsOfAttempt * i + draw));
      };
      words.normal_high[slot] = word(0);
      words.normal_low[slot] = word(1);
      words.uniform_high[slot] = word(2);
      words.uniform_low[slot] = word(3);
    }
    attempt_lanes([&](int slot) { return shape(pending[slot]); }, words, variate, size);
    int rejected = 0;
    for (int slot = 0; slot < size; ++slot) {
      const int lane = pending[slot];
      out[lane] = variate[slot];
      pending[rejected] = lane;
      rejected += variate[slot] < 0.0;
    }
    size = rejected;
  }
  for (int slot = 0; slot < size; ++slot) out[pending[slot]] = std::numeric_limits<double>::quiet_NaN();
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
  AttemptWords words;
  const auto fill = [&](u32 draw, u32* out) {
    source.random->fill(source.first_replication, later(address, draw),
                        {out, static_cast<std::size_t>(lanes)});
  };
  fill(kFirstAttempt, words.normal_high);
  fill(kFirstAttempt + 1, words.normal_low);
  fill(kFirstAttempt + 2, words.uniform_high);
  fill(kFirstAttempt + 3, words.uniform_low);
  attempt_lanes(shape, words, gamma.base, lanes);
  attempt_again(source, address, shape, gamma.base, lanes);
  int boosted = 0;
  for (int lane = 0; lane < lanes; ++lane) boosted += shape(lane) < 1.0;
  gamma.boost = boosted > 0 ? Boost::some : Boost::none;
  if (gamma.boost == Boost::none) {
    std::fill_n(gamma.log_boost, lanes, 0.0);
    return;
  }
  fill(0, words.uniform_high);
  fill(1, words.uniform_low);
  log_boost_lanes(shape, words.uniform_high, words.uniform_low, gamma.log_boost, lanes);
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

void sample_beta(LaneSource source, Address address, std::span<const double> a, std::span<const double> b,
                 std::span<double> out) {
  for_chunks(source, out.size(), [&](LaneSource chunk, std::size_t first_lane, int lanes) {
    GammaLanes gamma_a, gamma_b;
    const double* __restrict shapes_a = a.data() + first_lane;
    const double* __restrict shapes_b = b.data() + first_lane;
    sample_chunk(
        chunk, address, [=](int lane) { return shapes_a[lane]; }, gamma_a, lanes);
    sample_chunk(
        chunk, later(address, kShortGammaDraws), [=](int lane) { return shapes_b[lane]; }, gamma_b, lanes);
    write_beta(gamma_a, gamma_b, out.data() + first_lane, lanes);
  });
}

}  // namespace windtunnel

#include <bit>

#include "lane_chunks.hpp"
#include "lane_variates.hpp"
#include "windtunnel/core/lane_math.hpp"
#include "windtunnel/core/math.hpp"
#include "windtunnel/core/samplers.hpp"

namespace windtunnel {
namespace {

/// Lanes that are searched for far tails together: one such group in seventeen has any.
constexpr int kGroup = 64;

/// A first word, sign aside, below this lies in the far tail, where the polynomial does not hold:
/// (1 - sqrt(1 - e^-6.25)) / 2 in units of 2^-32, rounded up.
constexpr u32 kFarTail = 0x1fa4d3;
constexpr u32 kSign = 0x80000000;

/// Probability of the tail beyond the variate, from 63 bits.
inline double tail_probability(u32 high, u32 low) {
  const double bits = static_cast<double>(high & ~kSign) * 0x1p32 + static_cast<double>(low);
  return (bits + 0.5) * 0x1p-64;
}

/// `magnitude` >= 0 with the sign bit of `high`.
inline double with_sign(double magnitude, u32 high) {
  return std::bit_cast<double>(std::bit_cast<u64>(magnitude) | static_cast<u64>(high & kSign) << 32);
}

/// z with P(Z > z) = tail, for 4.84e-4 < tail <= 1/2: z = x P(w), x = 1 - 2 tail, w = -log(1 - x^2). In this
/// variable (Giles 2010, "Approximating the erfinv function") z / x is smooth and one polynomial covers
/// 99.9 % of the draws. Near-minimax on 0 <= w <= 6.25 in powers of w - 3.125: relative error 6e-14.
inline double near_quantile(double tail) {
  constexpr double kPolynomial[] = {
      0x1.2b57ec65a8009p+1,   0x1.5bc94440cdb9ap-2,   -0x1.179b2573f92e8p-7,  -0x1.12994fc3257dcp-10,
      0x1.14e8fc38c8a85p-12,  -0x1.4962727e61afcp-16, -0x1.032edadc65b79p-19, 0x1.41865ec9612b1p-21,
      -0x1.612776eb3ea0ap-25, -0x1.8f98d6a684613p-28, 0x1.98bf4cdd14251p-30,  -0x1.5259b76b9be77p-34,
      -0x1.4489d963093f3p-36, 0x1.0a535dd6cf380p-38,  -0x1.c0eebde5bc192p-44, -0x1.1fe77daef1121p-44,
      0x1.1cd9b04f2156bp-47,  0x1.0bea3a97cc781p-51,  -0x1.fe1521ff3b95cp-54};
  const double w = -lane_log(4.0 * tail * (1.0 - tail));
  const double centred = w - 3.125;
  double sum = kPolynomial[18];
#pragma GCC unroll 18
  for (int i = 17; i >= 0; --i) sum = sum * centred + kPolynomial[i];
  return (1.0 - 2.0 * tail) * sum;
}

}  // namespace

void normal_from_words(const u32* __restrict high, const u32* __restrict low, double* __restrict out,
                       int lanes) {
  for (int begin = 0; begin < lanes; begin += kGroup) {
    const int end = std::min(begin + kGroup, lanes);
    int far = 0;
    for (int lane = begin; lane < end; ++lane) {
      out[lane] = with_sign(near_quantile(tail_probability(high[lane], low[lane])), high[lane]);
      far += (high[lane] & ~kSign) < kFarTail;
    }
    if (far == 0) continue;
    for (int lane = begin; lane < end; ++lane) {
      if ((high[lane] & ~kSign) >= kFarTail) continue;
      out[lane] = with_sign(-math::normal_quantile(tail_probability(high[lane], low[lane])), high[lane]);
    }
  }
}

namespace {

/// The two words of each lane of a chunk.
struct WordPairs {
  u32 high[kChunkLanes];
  u32 low[kChunkLanes];

  WordPairs(LaneSource chunk, Address address, int lanes) {
    const auto size = static_cast<std::size_t>(lanes);
    chunk.random->fill(chunk.first_replication, address, {high, size});
    chunk.random->fill(chunk.first_replication, later(address, 1), {low, size});
  }
};

}  // namespace

void sample_normal(LaneSource source, Address address, std::span<double> out) {
  for_chunks(source, out.size(), [&](LaneSource chunk, std::size_t first_lane, int lanes) {
    const WordPairs words(chunk, address, lanes);
    normal_from_words(words.high, words.low, out.data() + first_lane, lanes);
  });
}

void sample_uniform(LaneSource source, Address address, std::span<double> out) {
  for_chunks(source, out.size(), [&](LaneSource chunk, std::size_t first_lane, int lanes) {
    const WordPairs words(chunk, address, lanes);
    double* const uniform = out.data() + first_lane;
    for (int lane = 0; lane < lanes; ++lane)
      uniform[lane] = uniform_from_words(words.high[lane], words.low[lane]);
  });
}

}  // namespace windtunnel

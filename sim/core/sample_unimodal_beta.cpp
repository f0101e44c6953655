#include <algorithm>
#include <cmath>
#include <limits>

#include "lane_chunks.hpp"
#include "lane_variates.hpp"
#include "windtunnel/core/lane_math.hpp"
#include "windtunnel/core/samplers.hpp"

namespace windtunnel {
namespace {

/// Attempt i has its words in draws 4 i to 4 i + 3.
constexpr u32 kDrawsOfAttempt = 4;

/// At most one attempt in three is rejected; this many are made of parameters that are no numbers.
constexpr u32 kMaxAttempts = kUnimodalBetaDraws / kDrawsOfAttempt;

constexpr double kLog4 = 0x1.62e42fefa39efp+0;

/// log U1 / (1 - U1) and U1^2 U2, U1 with full precision next to 0 and 1: the first bit tells its half.
struct Uniforms {
  double logit, product;
};

inline Uniforms uniforms(u32 high1, u32 low1, u32 high2, u32 low2) {
  const double bits = static_cast<double>(high1 & 0x7fffffffu) * 0x1p32 + static_cast<double>(low1);
  const double tail = (bits + 0.5) * 0x1p-64, rest = 1.0 - tail;
  const double logit = lane_log(tail / rest);
  const bool is_upper = (high1 & 0x80000000u) != 0;
  const double u1 = is_upper ? rest : tail;
  return {is_upper ? -logit : logit, u1 * u1 * uniform_from_words(high2, low2)};
}

/// One attempt: the variate, or -1 if it is rejected.
inline double attempt(double a, double b, const Uniforms& u) {
  const double sum = a + b, least = a < b ? a : b;
  const double spread = (sum - 2.0) / (2.0 * a * b - sum);
  const double beta = least > 1.0 ? std::sqrt(spread) : 1.0 / least;
  const double v = beta * u.logit;
  const double w = a * lane_exp(v), per_total = 1.0 / (b + w);
  const double log_ratio = sum * lane_log(sum * per_total) + (a + 1.0 / beta) * v - kLog4;
  return log_ratio >= lane_log(u.product) ? w * per_total : -1.0;
}

/// The words of one attempt of every lane.
struct AttemptWords {
  u32 word[kDrawsOfAttempt][kChunkLanes];

  Uniforms of(int lane) const { return uniforms(word[0][lane], word[1][lane], word[2][lane], word[3][lane]); }

  void fill(LaneSource source, Address address, int lanes) {
    for (u32 draw = 0; draw < kDrawsOfAttempt; ++draw)
      source.random->fill(source.first_replication, later(address, draw),
                          {word[draw], static_cast<std::size_t>(lanes)});
  }
};

void attempt_lanes(const double* __restrict a, const double* __restrict b, const AttemptWords& words,
                   double* __restrict out, int lanes) {
  for (int l = 0; l < lanes; ++l) out[l] = attempt(a[l], b[l], words.of(l));
}

/// Lanes whose attempts were rejected, side by side.
struct Pending {
  int lane[kChunkLanes], size = 0;
  double a[kChunkLanes], b[kChunkLanes];
};

/// Brings the words of attempt i of pending lanes together. While there are many, whole rows are filled.
void gather_words(LaneSource source, Address address, u32 i, const Pending& pending, int lanes,
                  AttemptWords& words) {
  const Address place = later(address, kDrawsOfAttempt * i);
  if (pending.size * 16 > lanes) {
    AttemptWords all;
    all.fill(source, place, lanes);
    for (u32 draw = 0; draw < kDrawsOfAttempt; ++draw)
      for (int slot = 0; slot < pending.size; ++slot)
        words.word[draw][slot] = all.word[draw][pending.lane[slot]];
    return;
  }
  for (int slot = 0; slot < pending.size; ++slot)
    for (u32 draw = 0; draw < kDrawsOfAttempt; ++draw)
      words.word[draw][slot] = source.random->word(
          source.first_replication + static_cast<u64>(pending.lane[slot]), later(place, draw));
}

void attempt_again(LaneSource source, Address address, const double* a, const double* b, double* out,
                   int lanes) {
  Pending pending;
  for (int l = 0; l < lanes; ++l)
    if (out[l] < 0.0) pending.lane[pending.size++] = l;
  for (u32 i = 1; pending.size > 0 && i < kMaxAttempts; ++i) {
    AttemptWords words;
    gather_words(source, address, i, pending, lanes, words);
    for (int slot = 0; slot < pending.size; ++slot) {
      pending.a[slot] = a[pending.lane[slot]];
      pending.b[slot] = b[pending.lane[slot]];
    }
    double variate[kChunkLanes];
    attempt_lanes(pending.a, pending.b, words, variate, pending.size);
    int rejected = 0;
    for (int slot = 0; slot < pending.size; ++slot) {
      const int lane = pending.lane[slot];
      out[lane] = variate[slot];
      pending.lane[rejected] = lane;
      rejected += variate[slot] < 0.0 ? 1 : 0;
    }
    pending.size = rejected;
  }
  for (int slot = 0; slot < pending.size; ++slot)
    out[pending.lane[slot]] = std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

double attempt_unimodal_beta(double a, double b, const std::array<u32, 4>& words) {
  return attempt(a, b, uniforms(words[0], words[1], words[2], words[3]));
}

void sample_unimodal_beta(LaneSource source, Address address, std::span<const double> a,
                          std::span<const double> b, std::span<double> out) {
  for_chunks(source, out.size(), [&](LaneSource chunk, std::size_t first_lane, int lanes) {
    AttemptWords words;
    words.fill(chunk, address, lanes);
    const double *own_a = a.data() + first_lane, *own_b = b.data() + first_lane;
    attempt_lanes(own_a, own_b, words, out.data() + first_lane, lanes);
    attempt_again(chunk, address, own_a, own_b, out.data() + first_lane, lanes);
  });
}

}  // namespace windtunnel

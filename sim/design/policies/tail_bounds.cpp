#include "tail_bounds.hpp"

#include <bit>

#include "windtunnel/core/lane_math.hpp"

namespace windtunnel {

namespace {

constexpr double kLeast = 0x1p-100, kMost = 1 - 0x1p-53;

/// A number between e^x and 1.062 e^x for |x| < 80, e^-80 or e^80 beyond: 2^k (1 + f) is never below 2^(k +
/// f), and its bits are those of k + f itself. The exponent is raised by more than its rounding errors.
inline float exp_from_above(float x) {
  constexpr float kLog2E = 0x1.715476p+0f, kRaised = 127.0f + 0x1p-13f;
  const float bounded = x < -80.0f ? -80.0f : (x > 80.0f ? 80.0f : x);
  return std::bit_cast<float>(static_cast<i32>((bounded * kLog2E + kRaised) * 0x1p23f));
}

}  // namespace

void prepare(const Drawn& drawn, int lanes) {
  double* __restrict x = drawn.x;
  float* __restrict log_x = drawn.log_x;
  float* __restrict log_rest = drawn.log_rest;
  float* __restrict per_x = drawn.per_x;
  float* __restrict per_rest = drawn.per_rest;
  for (int l = 0; l < lanes; ++l) {
    x[l] = x[l] < kLeast ? kLeast : (x[l] > kMost ? kMost : x[l]);
    log_x[l] = static_cast<float>(lane_log(x[l]));
    log_rest[l] = static_cast<float>(lane_log(1 - x[l]));
    per_x[l] = static_cast<float>(1 / x[l]);
    per_rest[l] = static_cast<float>(1 / (1 - x[l]));
  }
}

void bound_tail(const Drawn& drawn, const ArmColumns& arm, i32 other, const i32* __restrict leader,
                const u16* __restrict halves, float* __restrict slope, float* __restrict density,
                i32* __restrict keeps, int lanes) {
  constexpr float kUnsure = 0x1p-21f, kAbove = 0x1p16f * (1 + 0x1p-20f);
  const float* __restrict log_x = drawn.log_x;
  const float* __restrict log_rest = drawn.log_rest;
  const float* __restrict per_x = drawn.per_x;
  const float* __restrict per_rest = drawn.per_rest;
  const float* __restrict log_norm = arm.log_norm;
  const i32* __restrict users = arm.users;
  const i32* __restrict wins = arm.wins;
  for (int l = 0; l < lanes; ++l) {
    const float good = static_cast<float>(wins[l]), bad = static_cast<float>(users[l] - wins[l]);
    const float down = bad * per_rest[l], up = good * per_x[l];
    const float s = down - up - (down + up) * kUnsure;
    const float of_good = good * log_x[l], of_bad = bad * log_rest[l];
    const float f =
        exp_from_above(log_norm[l] + of_good + of_bad + (log_norm[l] - of_good - of_bad) * kUnsure);
    const float tangent = f < s ? s : 0;
    slope[l] = tangent;
    density[l] = f;
    keeps[l] = f * kAbove > static_cast<float>(halves[l]) * tangent && leader[l] != other ? 1 : 0;
  }
}

}  // namespace windtunnel

#include "windtunnel/measures/estimates.hpp"

#include <cmath>
#include <utility>

#include "windtunnel/core/intervals.hpp"

namespace windtunnel {

namespace {

__extension__ typedef unsigned __int128 u128;

/// A natural number below 2^256.
struct Wide {
  u128 high = 0, low = 0;
};

Wide multiply(u128 a, u128 b) {
  constexpr u128 kLow = ~u64{0};
  const u128 a0 = a & kLow, a1 = a >> 64, b0 = b & kLow, b1 = b >> 64;
  const u128 p00 = a0 * b0, p01 = a0 * b1, p10 = a1 * b0;
  const u128 middle = (p00 >> 64) + (p01 & kLow) + (p10 & kLow);
  return {a1 * b1 + (p01 >> 64) + (p10 >> 64) + (middle >> 64), (middle << 64) | (p00 & kLow)};
}

u128 magnitude(i128 x) {
  return x < 0 ? u128{0} - static_cast<u128>(x) : static_cast<u128>(x);
}

}  // namespace

Value absent(std::string reason) {
  Value value;
  value.absent = std::move(reason);
  return value;
}

Value normal_value(double value, double mcse, i64 replications) {
  const Interval interval = normal_interval(value, mcse, kConfidence);
  return {"", value, mcse, interval.low, interval.high, replications, Value::Kind::mean, ""};
}

Value share_value(i128 hits, i128 count) {
  const i64 h = static_cast<i64>(hits), n = static_cast<i64>(count);
  const Interval interval = wilson_interval(h, n, kConfidence);
  const double share = static_cast<double>(h) / static_cast<double>(n);
  return {"", share, binomial_standard_error(h, n), interval.low, interval.high, n, Value::Kind::proportion,
          ""};
}

double pairwise_spread(const Moments& moments, i128 count) {
  const u128 sum = magnitude(moments.sum);
  const Wide total = multiply(static_cast<u128>(count), static_cast<u128>(moments.squares));
  const Wide square = multiply(sum, sum);
  const u128 borrow = total.low < square.low ? 1 : 0;
  return static_cast<double>(total.high - square.high - borrow) * 0x1p128 +
         static_cast<double>(total.low - square.low);
}

Value mean_value(const Moments& moments, i128 count, const Grid& grid, const char* too_few) {
  if (count < 2) return absent(too_few);
  const double n = static_cast<double>(count);
  const double mean = to_double(moments.sum, grid) / n;
  const double mcse = std::sqrt(pairwise_spread(moments, count) / (n - 1)) / n * grid.unit();
  return normal_value(mean, mcse, static_cast<i64>(count));
}

}  // namespace windtunnel

#pragma once

#include <cmath>

namespace windtunnel {

/// Divides many numbers by one: the very bits of x / divisor, without dividing where vectors of eight
/// doubles make that the slower way.
///   range   |x|, the divisor and the quotient between 2^-900 and 2^900, or x = 0: nothing underflows
///   method  The product with an inverse of twice the digits is a neighbour of the quotient; its remainder is
///           exact and rounds it correctly.
///   source  Markstein (1990), IBM J. Res. Dev. 34:111, theorem 8.5
class SharedDivisor {
 public:
  explicit SharedDivisor(double divisor)
      : divisor_(divisor), inverse_(1 / divisor), rest_(std::fma(-inverse_, divisor, 1) * inverse_) {}

  double divide(double x) const {
#ifdef __AVX512F__
    const double near = std::fma(x, inverse_, x * rest_);
    return std::fma(std::fma(-near, divisor_, x), inverse_, near);
#else
    return x / divisor_;
#endif
  }

 private:
  double divisor_;
  [[maybe_unused]] double inverse_, rest_;  // 1/divisor as an unevaluated sum
};

}  // namespace windtunnel

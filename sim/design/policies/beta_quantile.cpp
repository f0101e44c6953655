#include "beta_quantile.hpp"

#include <cmath>

#include "windtunnel/core/math.hpp"

namespace windtunnel {

double beta_upper_quantile(double tail, double a, double b) {
  if (tail <= 0) return 1;
  if (tail >= 1) return 0;
  const double log_norm = math::log_beta(a, b);
  const double odds = math::exp(math::log(a / b) - math::normal_quantile(tail) * std::sqrt(1 / a + 1 / b));
  double low = 0, high = 1, x = odds / (1 + odds);
  for (int i = 0; i < 100; ++i) {
    if (!(x > low && x < high)) x = 0.5 * (low + high);
    // The tail beyond x, whose small values keep their digits: X > x iff 1 - X < 1 - x.
    const double beyond = math::incomplete_beta(b, a, 1 - x);
    (beyond > tail ? low : high) = x;
    const double log_density = (a - 1) * math::log(x) + (b - 1) * math::log1p(-x) - log_norm;
    const double step = (beyond - tail) / math::exp(log_density);
    const double next = x + step;
    // The error squares with every step.
    if (std::fabs(beyond - tail) <= 1e-6 * tail && next > low && next < high) return next;
    if (next == x || high - low < 1e-15 * high) return x;
    x = next;
  }
  return x;
}

double PosteriorQuantiles::upper(double tail, double successes, double failures) {
  // Multiplicative hashing (Knuth, The Art of Computer Programming, 6.4), of odd numbers about 2^32 / phi and
  // 2^32 (sqrt(3) - 1).
  const u32 mixed = 2654435769u * static_cast<u32>(successes) + 3144134277u * static_cast<u32>(failures);
  Known& known = known_[mixed >> (32 - kBits)];
  if (known.tail != tail || known.successes != successes || known.failures != failures)
    known = {tail, successes, failures, beta_upper_quantile(tail, successes + 1, failures + 1)};
  return known.quantile;
}

}  // namespace windtunnel

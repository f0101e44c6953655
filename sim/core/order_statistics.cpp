#include "windtunnel/core/order_statistics.hpp"

#include <algorithm>
#include <cmath>

namespace windtunnel {

i64 quantile_rank(double p, i64 n) {
  const double count = static_cast<double>(n) * p;
  const auto rank = static_cast<i64>(std::ceil(count - 1e-12 * std::max(1.0, count)));
  return std::clamp<i64>(rank, 1, n);
}

double order_statistic(std::span<double> values, i64 zeros, i64 k) {
  const i64 negative = std::count_if(values.begin(), values.end(), [](double x) { return x < 0; });
  if (k > negative && k <= negative + zeros) return 0;
  const auto at = values.begin() + (k <= negative ? k - 1 : k - zeros - 1);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

}  // namespace windtunnel

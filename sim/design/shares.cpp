#include "windtunnel/design/shares.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace windtunnel {

std::vector<i64> largest_remainder(std::span<const double> shares, i64 users) {
  constexpr double kTie = 0x1p30;  // remainders are compared as multiples of 2^-30
  const double total = static_cast<double>(users);
  const double rounding = total * 0x1p-50;
  std::vector<i64> counts(shares.size()), remainders(shares.size());
  i64 left = users;
  for (std::size_t a = 0; a < shares.size(); ++a) {
    const double quota = shares[a] * total;
    const double whole = std::floor(quota + rounding);
    counts[a] = static_cast<i64>(whole);
    remainders[a] = static_cast<i64>(std::floor((quota - whole) * kTie + 0.5));
    left -= counts[a];
  }
  std::vector<std::size_t> order(shares.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
  for (std::size_t i = 0; left > 0; ++i, --left) ++counts[order[i % order.size()]];
  return counts;
}

std::vector<i64> next_users(std::span<const double> shares, i64 users, std::vector<i64>& before) {
  std::vector<i64> step = largest_remainder(shares, users);
  std::vector<double> surplus(step.size());  // of the target over the quota
  i64 missing = 0;
  for (std::size_t a = 0; a < step.size(); ++a) {
    surplus[a] = static_cast<double>(step[a]) - shares[a] * static_cast<double>(users);
    step[a] -= before[a];
    if (step[a] >= 0) continue;
    missing -= step[a];
    step[a] = 0;
  }
  for (; missing > 0; --missing) {
    std::size_t waits = step.size();
    for (std::size_t a = 0; a < step.size(); ++a)
      if (step[a] > 0 && (waits == step.size() || surplus[a] > surplus[waits])) waits = a;
    --step[waits];
    surplus[waits] -= 1;
  }
  for (std::size_t a = 0; a < step.size(); ++a) before[a] += step[a];
  return step;
}

}  // namespace windtunnel

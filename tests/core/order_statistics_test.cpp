#include "windtunnel/core/order_statistics.hpp"

#include <algorithm>
#include <random>
#include <vector>

#include "support/catch.hpp"

using namespace windtunnel;

TEST_CASE("order statistics: zeros that are not listed count as if they were", "[core]") {
  std::mt19937 engine(1);
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<double> values(engine() % 12);
    for (double& value : values) value = static_cast<double>(engine() % 9) - 4.5;
    const i64 zeros = engine() % 5;
    std::vector<double> all = values;
    all.insert(all.end(), static_cast<std::size_t>(zeros), 0.0);
    std::sort(all.begin(), all.end());
    for (std::size_t k = 1; k <= all.size(); ++k)
      CHECK(order_statistic(values, zeros, static_cast<i64>(k)) == all[k - 1]);
  }
}

TEST_CASE("order statistics: a rank is the first that leaves a share of p behind", "[core]") {
  for (i64 n = 1; n <= 2000; ++n)
    for (int percent = 1; percent < 100; ++percent)
      CHECK(quantile_rank(percent / 100.0, n) == std::max<i64>(1, (n * percent + 99) / 100));
}

#include "windtunnel/core/intervals.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include "support/catch.hpp"
#include "windtunnel/core/math.hpp"

namespace windtunnel {
namespace {

TEST_CASE("wilson interval: published values", "[core]") {
  // Newcombe (1998), Statist. Med. 17:857, table I, method 3, given to four digits.
  struct Row {
    i64 count, replications;
    double low, high;
  };
  for (const Row& row : {Row{81, 263, 0.2553, 0.3662}, Row{15, 148, 0.0624, 0.1605}, Row{0, 20, 0.0, 0.1611},
                         Row{1, 29, 0.0061, 0.1718}}) {
    const Interval interval = wilson_interval(row.count, row.replications, 0.95);
    CHECK(std::fabs(interval.low - row.low) < 5.01e-5);
    CHECK(std::fabs(interval.high - row.high) < 5.01e-5);
  }
}

TEST_CASE("wilson interval: both ends solve the score equation", "[core]") {
  for (const i64 replications : {i64{10}, i64{1000}, i64{4000000000}}) {
    for (const i64 count : {i64{1}, i64{3}, replications / 2, replications - 1}) {
      for (const double level : {0.5, 0.95, 0.999999}) {
        const Interval interval = wilson_interval(count, replications, level);
        const double n = static_cast<double>(replications);
        const double proportion = static_cast<double>(count) / n;
        const double z = -math::normal_quantile((1.0 - level) / 2.0);
        CHECK(interval.low < proportion);
        CHECK(interval.high > proportion);
        for (const double p : {interval.low, interval.high}) {
          // Three roundings leave an end 3.3e-16 off. The score moves by 1 / spread per unit of p, and by
          // half as much again because the spread is taken at p.
          const double spread = std::sqrt(p * (1.0 - p) / n);
          const double tolerance = 1e-12 * z + 6e-16 / spread;
          CHECK(std::fabs(std::fabs(proportion - p) / spread - z) <= tolerance);
        }
      }
    }
  }
}

TEST_CASE("wilson interval: no success and nothing but successes keep the exact end", "[core]") {
  const double z = 1.959963984540054;
  const Interval none = wilson_interval(0, 50, 0.95);
  CHECK(none.low == 0.0);
  CHECK(none.high == Approx(z * z / (50.0 + z * z)).epsilon(1e-14));
  const Interval all = wilson_interval(50, 50, 0.95);
  CHECK(all.high == 1.0);
  CHECK(all.low == Approx(50.0 / (50.0 + z * z)).epsilon(1e-14));
  const Interval single = wilson_interval(1, 1, 0.95);
  CHECK(single.low > 0.0);
  CHECK(single.high == 1.0);
}

TEST_CASE("normal interval: the mean plus and minus z standard errors", "[core]") {
  const Interval interval = normal_interval(10.0, 2.0, 0.95);
  CHECK(interval.low == Approx(10.0 - 3.919927969080108).epsilon(1e-14));
  CHECK(interval.high == Approx(10.0 + 3.919927969080108).epsilon(1e-14));
  const Interval point = normal_interval(-3.0, 0.0, 0.9);
  CHECK(point.low == -3.0);
  CHECK(point.high == -3.0);
}

TEST_CASE("binomial standard error: the plug-in value and zero at both ends", "[core]") {
  CHECK(binomial_standard_error(500, 10000) == Approx(std::sqrt(0.05 * 0.95 / 1e4)).epsilon(1e-14));
  CHECK(binomial_standard_error(0, 10000) == 0.0);
  CHECK(binomial_standard_error(10000, 10000) == 0.0);
  CHECK(binomial_standard_error(30, 100) == binomial_standard_error(70, 100));
}

TEST_CASE("intervals: impossible arguments are refused", "[core]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(wilson_interval(-1, 10, 0.95), std::invalid_argument);
  CHECK_THROWS_AS(wilson_interval(11, 10, 0.95), std::invalid_argument);
  CHECK_THROWS_AS(wilson_interval(0, 0, 0.95), std::invalid_argument);
  CHECK_THROWS_AS(wilson_interval(1, 10, 1.0), std::invalid_argument);
  CHECK_THROWS_AS(wilson_interval(1, 10, 0.0), std::invalid_argument);
  CHECK_THROWS_AS(normal_interval(0.0, -1.0, 0.95), std::invalid_argument);
  CHECK_THROWS_AS(normal_interval(0.0, nan, 0.95), std::invalid_argument);
  CHECK_THROWS_AS(normal_interval(0.0, 1.0, nan), std::invalid_argument);
  CHECK_THROWS_AS(binomial_standard_error(3, 2), std::invalid_argument);
  CHECK_THROWS_WITH(wilson_interval(11, 10, 0.95),
                    "11 of 10 is no proportion (needs 0 <= count <= replications, replications >= 1)");
}

}  // namespace
}  // namespace windtunnel

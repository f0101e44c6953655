#pragma once

#include <cmath>
#include <vector>

#include "support/catch.hpp"
#include "windtunnel/measures/measure.hpp"

/// The textbook formulas, computed the slow way, and how close a value must come.
namespace windtunnel::measure_tests {

/// The normal quantile at .975.
inline constexpr double kZ = 1.959963984540054;

struct MeanAndError {
  double mean, error;
};

inline MeanAndError mean_and_error(const std::vector<double>& numbers) {
  const auto n = static_cast<long double>(numbers.size());
  long double sum = 0, squares = 0;
  for (const double x : numbers) sum += x;
  for (const double x : numbers) squares += (x - sum / n) * (x - sum / n);
  return {static_cast<double>(sum / n), static_cast<double>(std::sqrt(squares / (n - 1) / n))};
}

/// `scale` is the largest magnitude that goes into the value: numbers are kept to 2^-50 of their bound, which
/// lies at most a factor 1000 above in these samples, so that 1e-11 leaves room for nothing but rounding.
inline void check_mean(const Value& value, const std::vector<double>& numbers, double scale) {
  const MeanAndError expected = mean_and_error(numbers);
  REQUIRE(value.absent.empty());
  CHECK(value.kind == Value::Kind::mean);
  CHECK(value.replications == static_cast<i64>(numbers.size()));
  CHECK(value.value == Approx(expected.mean).epsilon(1e-9).margin(1e-11 * scale));
  CHECK(value.mcse == Approx(expected.error).epsilon(1e-9).margin(1e-11 * scale));
  CHECK(value.conf_low == Approx(expected.mean - kZ * expected.error).epsilon(1e-9).margin(1e-11 * scale));
  CHECK(value.conf_high == Approx(expected.mean + kZ * expected.error).epsilon(1e-9).margin(1e-11 * scale));
}

/// `hits` holds 0 or 1 for every replication that counts. Both ends p of a Wilson interval solve
/// (p^ - p)^2 = z^2 p (1 - p) / n.
inline void check_share(const Value& value, const std::vector<double>& hits) {
  const MeanAndError expected = mean_and_error(hits);
  const auto n = static_cast<double>(hits.size());
  REQUIRE(value.absent.empty());
  CHECK(value.kind == Value::Kind::proportion);
  CHECK(value.replications == static_cast<i64>(hits.size()));
  CHECK(value.value == Approx(expected.mean).epsilon(1e-12));
  CHECK(value.mcse == Approx(std::sqrt(expected.mean * (1 - expected.mean) / n)).epsilon(1e-12));
  for (const double p : {value.conf_low, value.conf_high}) {
    const double distance = expected.mean - p;
    CHECK(distance * distance == Approx(kZ * kZ * p * (1 - p) / n).epsilon(1e-9));
  }
  CHECK(value.conf_low < value.value);
  CHECK(value.conf_high > value.value);
}

}  // namespace windtunnel::measure_tests

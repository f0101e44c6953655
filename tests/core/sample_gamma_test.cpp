#include <cmath>
#include <limits>
#include <vector>

#include "core/lane_variates.hpp"
#include "support/catch.hpp"
#include "support/chi_square.hpp"
#include "windtunnel/core/math.hpp"
#include "windtunnel/core/samplers.hpp"

namespace windtunnel {
namespace {

std::vector<double> gammas(u64 seed, double shape, i64 draws) {
  const Random random(seed, Purpose::spread);
  std::vector<double> out(static_cast<std::size_t>(draws));
  sample_gamma({&random, 0}, {}, shape, out);
  return out;
}

/// Chi-square of 200 cells that are equally likely under the distribution function `cdf`.
template <class Cdf>
double standardised(const std::vector<double>& variates, Cdf cdf) {
  std::vector<i64> cells(200);
  for (const double x : variates)
    ++cells.at(std::min<std::size_t>(199, static_cast<std::size_t>(cdf(x) * 200.0)));
  return chi_square_uniform(cells, static_cast<i64>(variates.size())).standardised();
}

/// The method as Marsaglia & Tsang print it, one lane and one attempt after the other.
double reference_gamma(const Random& random, u64 replication, Address address, double shape) {
  const double d = (shape < 1.0 ? shape + 1.0 : shape) - 1.0 / 3.0, c = 1.0 / std::sqrt(9.0 * d);
  for (u32 draw = 2;; draw += 4) {
    const double x = normal_at(random, replication, later(address, draw));
    const double uniform = uniform_at(random, replication, later(address, draw + 2));
    const double v = (1.0 + c * x) * (1.0 + c * x) * (1.0 + c * x);
    if (v <= 0.0 || math::log(uniform) >= 0.5 * x * x + d - d * v + d * math::log(v)) continue;
    if (shape >= 1.0) return d * v;
    return d * v * math::pow(uniform_at(random, replication, address), 1.0 / shape);
  }
}

}  // namespace

TEST_CASE("gamma: every lane has the variate of the textbook loop", "[core]") {
  const Random random(5, Purpose::spread);
  for (const double shape : {0.3, 1.0, 2.5, 499.5}) {
    std::vector<double> out(20000);
    sample_gamma({&random, 100}, {3, 4, 50}, shape, out);
    i64 wrong = 0;
    for (u64 lane = 0; lane < out.size(); ++lane) {
      const double expected = reference_gamma(random, 100 + lane, {3, 4, 50}, shape);
      // A power by way of a rounded logarithm is off by some hundred roundings where it is tiny.
      wrong += std::fabs(out[lane] - expected) > 1e-13 * expected;
    }
    INFO("shape " << shape);
    CHECK(wrong == 0);
  }
}

TEST_CASE("gamma: variates follow the gamma law", "[core]") {
  u64 seed = 10;
  for (const double shape : {0.01, 0.3, 0.5, 0.999, 1.0, 2.5, 499.5, 5e4}) {
    const auto x = gammas(++seed, shape, test_draws(500'000));
    INFO("shape " << shape);
    CHECK(std::fabs(standardised(x, [=](double value) { return math::incomplete_gamma(shape, value); })) <
          4.0);
  }
}

TEST_CASE("gamma: mean and variance equal the shape", "[core]") {
  u64 seed = 30;
  for (const double shape : {0.05, 0.3, 1.0, 2.5, 499.5, 5e4, 1e8}) {
    const auto x = gammas(++seed, shape, test_draws(2'000'000));
    double sum = 0.0, squares = 0.0;
    for (const double value : x) {
      sum += value - shape;
      squares += (value - shape) * (value - shape);
    }
    const double n = static_cast<double>(x.size());
    INFO("shape " << shape);
    CHECK(std::fabs(sum / std::sqrt(n * shape)) < 4.0);
    // Fourth central moment 3 a^2 + 6 a, hence the variance of a squared deviation.
    CHECK(std::fabs((squares - n * shape) / std::sqrt(n * (2.0 * shape * shape + 6.0 * shape))) < 4.0);
  }
}

TEST_CASE("gamma: a shape per lane gives the numbers of one for all", "[core]") {
  const Random random(40, Purpose::spread);
  std::vector<double> shape(1500), together(shape), alone(shape);
  for (std::size_t lane = 0; lane < shape.size(); ++lane) shape[lane] = 0.01 * static_cast<double>(lane);
  sample_gamma({&random, 1000}, {1, 2, 0}, shape, together);
  for (std::size_t lane = 0; lane < shape.size(); ++lane)
    sample_gamma({&random, 1000 + lane}, {1, 2, 0}, shape[lane], std::span(alone).subspan(lane, 1));
  CHECK(together == alone);
  CHECK(together[0] == 0.0);
}

TEST_CASE("gamma: a shape of 0 gives 0 and no number gives no number", "[core]") {
  const Random random(41, Purpose::spread);
  std::vector<double> out(100);
  sample_gamma({&random, 0}, {}, 0.0, out);
  for (const double x : out) CHECK(x == 0.0);
  sample_gamma({&random, 0}, {}, std::numeric_limits<double>::quiet_NaN(), out);
  for (const double x : out) CHECK(std::isnan(x));
}

TEST_CASE("gamma: lanes and places are uncorrelated", "[core]") {
  const Random random(42, Purpose::spread);
  const std::size_t size = 1 << 19;
  std::vector<double> base(size), other(size);
  const auto correlation = [&](std::size_t lag) {
    double sum = 0.0;
    for (std::size_t i = 0; i + lag < size; ++i) sum += (base[i + lag] - 2.5) * (other[i] - 2.5);
    return sum / (2.5 * std::sqrt(static_cast<double>(size - lag)));
  };
  sample_gamma({&random, 0}, {0, 0, 0}, 2.5, base);
  other = base;
  for (const std::size_t lag : std::initializer_list<std::size_t>{1, 16, 64})
    CHECK(std::fabs(correlation(lag)) < 4.0);
  for (const Address address : {Address{1, 0, 0}, Address{0, 1, 0}, Address{0, 0, kGammaDraws}}) {
    sample_gamma({&random, 0}, address, 2.5, other);
    CHECK(std::fabs(correlation(0)) < 4.0);
  }
}

TEST_CASE("beta: variates follow the beta law", "[core]") {
  const Random random(50, Purpose::spread);
  u32 row = 0;
  for (const auto& [a, b] : {std::pair{1.0, 1.0}, std::pair{0.5, 0.5}, std::pair{0.1, 3.0},
                             std::pair{5.0, 0.7}, std::pair{20.0, 380.0}, std::pair{1e5, 2e5}}) {
    std::vector<double> x(static_cast<std::size_t>(test_draws(250'000)));
    sample_beta({&random, 0}, {0, ++row, 0}, a, b, x);
    INFO("a " << a << " b " << b);
    CHECK(std::fabs(standardised(
              x, [a = a, b = b](double value) { return math::incomplete_beta(a, b, value); })) < 4.0);
  }
}

TEST_CASE("beta: tiny parameters give numbers though both gammas underflow", "[core]") {
  const Random random(51, Purpose::spread);
  std::vector<double> x(static_cast<std::size_t>(test_draws(250'000)));
  sample_beta({&random, 0}, {}, 1e-4, 3e-4, x);
  double sum = 0.0;
  for (const double value : x) {
    REQUIRE(value >= 0.0);
    REQUIRE(value <= 1.0);
    sum += value;
  }
  // Mean a / (a + b) = 1/4; the variance of a variable in [0, 1] is at most 3/16.
  const double n = static_cast<double>(x.size());
  CHECK(std::fabs(sum / n - 0.25) < 4.0 * std::sqrt(3.0 / 16.0 / n));
}

}  // namespace windtunnel

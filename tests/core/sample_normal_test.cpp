#include <cmath>
#include <vector>

#include "core/lane_variates.hpp"
#include "support/catch.hpp"
#include "support/chi_square.hpp"
#include "windtunnel/core/math.hpp"
#include "windtunnel/core/samplers.hpp"

namespace windtunnel {
namespace {

std::vector<double> normals(u64 seed, Address address, std::size_t size) {
  const Random random(seed, Purpose::outcome);
  std::vector<double> out(size);
  sample_normal({&random, 0}, address, out);
  return out;
}

double normal_from(u32 high, u32 low) {
  double out;
  normal_from_words(&high, &low, &out, 1);
  return out;
}

/// Correlation of two columns of standard normals times the square root of their length: standard normal.
double standardised_correlation(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum / std::sqrt(static_cast<double>(a.size()));
}

}  // namespace

TEST_CASE("normal: the quantile of the tail is met to 1e-13", "[core]") {
  const Random random(1, Purpose::outcome);
  double worst = 0.0;
  for (u64 i = 0; i < 400000; ++i) {
    // Leading zeros spread the tail probabilities over forty powers of two, the far tail included.
    const u64 bits =
        (static_cast<u64>(random.word(i, {0, 0, 0})) << 32 | random.word(i, {0, 0, 1})) >> (1 + i % 40);
    const double z = normal_from(static_cast<u32>(bits >> 32), static_cast<u32>(bits));
    const double exact = -math::normal_quantile((static_cast<double>(bits) + 0.5) * 0x1p-64);
    worst = std::max(worst, std::fabs(z - exact) / exact);
  }
  CHECK(worst < 1e-13);
  CHECK(worst > 0.0);
}

TEST_CASE("normal: the first bit is the sign and nothing else", "[core]") {
  for (const u32 high : {0u, 1u, 0x1fa4d2u, 0x1fa4d3u, 0x1fa4d4u, 0x40000000u, 0x7fffffffu}) {
    CHECK(normal_from(high, 77) == -normal_from(high | 0x80000000u, 77));
    CHECK(normal_from(high, 77) > 0.0);
  }
}

TEST_CASE("normal: tails reach 9 standard deviations and fall without a step", "[core]") {
  CHECK(math::normal_upper(normal_from(0, 0)) == Approx(0x1p-65).epsilon(1e-12));
  CHECK(normal_from(0x7fffffff, 0xffffffff) < 1e-15);
  // Across the seam of the two methods one step of the first word changes z by 2^-32 / density, 1.4e-7.
  const double step = normal_from(0x1fa4d2, 0) - normal_from(0x1fa4d3, 0);
  CHECK(step == Approx(0x1p-32 / math::normal_pdf(normal_from(0x1fa4d3, 0))).epsilon(1e-5));
}

TEST_CASE("normal: variates follow the normal law", "[core]") {
  const i64 draws = test_draws(8'000'000);
  const auto z = normals(2, {}, static_cast<std::size_t>(draws));
  std::vector<i64> cells(256);
  double sum = 0.0, squares = 0.0, cubes = 0.0, fourths = 0.0;
  for (const double x : z) {
    ++cells[static_cast<std::size_t>(math::normal_cdf(x) * 256.0)];
    sum += x;
    squares += x * x;
    cubes += x * x * x;
    fourths += x * x * x * x;
  }
  CHECK(std::fabs(chi_square_uniform(cells, draws).standardised()) < 4.0);
  // Variances of x, x^2, x^3 and x^4 are 1, 2, 15 and 96.
  const double n = static_cast<double>(draws), root = std::sqrt(n);
  CHECK(std::fabs(sum / root) < 4.0);
  CHECK(std::fabs((squares - n) / (root * std::sqrt(2.0))) < 4.0);
  CHECK(std::fabs(cubes / (root * std::sqrt(15.0))) < 4.0);
  CHECK(std::fabs((fourths - 3.0 * n) / (root * std::sqrt(96.0))) < 4.0);
}

TEST_CASE("normal: tails hold their share", "[core]") {
  const i64 draws = test_draws(16'000'000);
  const auto z = normals(3, {}, static_cast<std::size_t>(draws));
  for (const double bound : {2.0, 3.0, 3.29, 3.31, 4.0, 4.5}) {
    const double expected = static_cast<double>(draws) * math::normal_upper(bound);
    i64 above = 0, below = 0;
    for (const double x : z) {
      above += x > bound;
      below += x < -bound;
    }
    INFO("bound " << bound);
    CHECK(std::fabs(static_cast<double>(above) - expected) < 4.0 * std::sqrt(expected));
    CHECK(std::fabs(static_cast<double>(below) - expected) < 4.0 * std::sqrt(expected));
  }
}

TEST_CASE("normal: lanes and places are uncorrelated", "[core]") {
  const std::size_t size = 1 << 20;
  const auto z = normals(4, {7, 1, 0}, size);
  CHECK(std::fabs(standardised_correlation(z, normals(4, {8, 1, 0}, size))) < 4.0);
  CHECK(std::fabs(standardised_correlation(z, normals(4, {7, 2, 0}, size))) < 4.0);
  CHECK(std::fabs(standardised_correlation(z, normals(4, {7, 1, 2}, size))) < 4.0);
  for (const std::ptrdiff_t lag : std::initializer_list<std::ptrdiff_t>{1, 16, 64}) {
    const std::vector<double> shifted(z.begin() + lag, z.end());
    CHECK(std::fabs(standardised_correlation(std::vector<double>(z.begin(), z.end() - lag), shifted)) < 4.0);
  }
}

TEST_CASE("normal: one lane is drawn as among many", "[core]") {
  const Random random(5, Purpose::spread);
  std::vector<double> whole(2000);
  sample_normal({&random, 300}, {1, 2, 3}, whole);
  for (const std::size_t begin : std::initializer_list<std::size_t>{0, 1, 63, 211, 212, 213, 1300, 1999}) {
    std::vector<double> piece(std::min<std::size_t>(500, whole.size() - begin));
    sample_normal({&random, 300 + begin}, {1, 2, 3}, piece);
    CHECK(std::equal(piece.begin(), piece.end(), whole.begin() + static_cast<std::ptrdiff_t>(begin)));
    CHECK(normal_at(random, 300 + begin, {1, 2, 3}) == whole[begin]);
  }
}

TEST_CASE("uniform: variates are uniform inside the open interval", "[core]") {
  const Random random(6, Purpose::outcome);
  const i64 draws = test_draws(4'000'000);
  std::vector<double> u(static_cast<std::size_t>(draws));
  sample_uniform({&random, 0}, {}, u);
  std::vector<i64> cells(1000);
  for (const double x : u) {
    REQUIRE(x > 0.0);
    REQUIRE(x < 1.0);
    ++cells[static_cast<std::size_t>(x * 1000.0)];
  }
  CHECK(std::fabs(chi_square_uniform(cells, draws).standardised()) < 4.0);
}

TEST_CASE("uniform: the ends of the interval are never reached", "[core]") {
  CHECK(uniform_from_words(0, 0) == 0x1p-65);
  CHECK(uniform_from_words(0, 1) == 1.5 * 0x1p-64);
  CHECK(uniform_from_words(0x80000000, 0) == 0.5);
  CHECK(uniform_from_words(0xffffffff, 0xffffffff) < 1.0);
}

}  // namespace windtunnel

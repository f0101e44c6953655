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

std::vector<double> unimodal_betas(Address address, double a, double b, std::size_t size) {
  const Random random(52, Purpose::spread);
  const std::vector<double> all_a(size, a), all_b(size, b);
  std::vector<double> x(size);
  sample_unimodal_beta({&random, 100}, address, all_a, all_b, x);
  return x;
}

/// Algorithm BA as Cheng prints it, one lane and one attempt after the other.
double reference_unimodal_beta(const Random& random, u64 replication, Address address, double a, double b) {
  const double least = std::min(a, b), alpha = a + b;
  const double beta = least <= 1 ? std::max(1 / a, 1 / b) : std::sqrt((alpha - 2) / (2 * a * b - alpha));
  const double gamma = a + 1 / beta;
  for (u32 draw = 0;; draw += 4) {
    const u32 high = random.word(replication, later(address, draw));
    const u32 low = random.word(replication, later(address, draw + 1));
    const double tail = (static_cast<double>(high & 0x7fffffff) * 0x1p32 + low + 0.5) * 0x1p-64;
    const double u1 = high >> 31 != 0 ? 1 - tail : tail;
    const double u2 = uniform_at(random, replication, later(address, draw + 2));
    const double v = beta * math::log(u1 / (1 - u1)), w = a * math::exp(v);
    if (alpha * math::log(alpha / (b + w)) + gamma * v - std::log(4.0) >= math::log(u1 * u1 * u2))
      return w / (b + w);
  }
}

}  // namespace

TEST_CASE("unimodal beta: variates follow the beta law", "[core]") {
  u32 row = 0;
  for (const auto& [a, b] :
       {std::pair{1.0, 1.0}, std::pair{1.0, 2.0}, std::pair{7.0, 1.0}, std::pair{2.0, 2.0},
        std::pair{1.5, 40.0}, std::pair{20.0, 380.0}, std::pair{1e5, 2e5}}) {
    const auto x = unimodal_betas({0, ++row, 0}, a, b, static_cast<std::size_t>(test_draws(500'000)));
    std::vector<i64> cells(200);
    for (const double value : x)
      ++cells.at(
          std::min<std::size_t>(199, static_cast<std::size_t>(math::incomplete_beta(a, b, value) * 200)));
    INFO("a " << a << " b " << b);
    CHECK(std::fabs(chi_square_uniform(cells, static_cast<i64>(x.size())).standardised()) < 4.0);
  }
}

TEST_CASE("unimodal beta: every lane has the variate of the textbook loop", "[core]") {
  const Random random(52, Purpose::spread);
  for (const auto& [a, b] :
       {std::pair{1.0, 1.0}, std::pair{3.0, 1.0}, std::pair{2.0, 90.0}, std::pair{400.5, 600.0}}) {
    const auto x = unimodal_betas({3, 4, 8}, a, b, 20000);
    int wrong = 0;
    for (u64 l = 0; l < x.size(); ++l) {
      const double expected = reference_unimodal_beta(random, 100 + l, {3, 4, 8}, a, b);
      wrong += std::fabs(x[l] - expected) > 1e-12 * expected ? 1 : 0;
    }
    INFO("a " << a << " b " << b);
    CHECK(wrong == 0);
  }
}

TEST_CASE("unimodal beta: a lane has the same variate in any span, and by itself", "[core]") {
  const Random random(52, Purpose::spread);
  const auto all = unimodal_betas({1, 2, 0}, 3.5, 9.0, 1000);
  for (const std::size_t first : {std::size_t{0}, std::size_t{7}, std::size_t{640}}) {
    const std::vector<double> a(50, 3.5), b(50, 9.0);
    std::vector<double> part(50);
    sample_unimodal_beta({&random, 100 + first}, {1, 2, 0}, a, b, part);
    for (std::size_t l = 0; l < part.size(); ++l) CHECK(part[l] == all[first + l]);
  }
  int rejected = 0;
  for (u64 l = 0; l < all.size(); ++l) {
    std::array<u32, 4> words{};
    for (u32 draw = 0; draw < 4; ++draw) words[draw] = random.word(100 + l, {1, 2, draw});
    const double one = attempt_unimodal_beta(3.5, 9.0, words);
    if (one < 0)
      ++rejected;
    else
      CHECK(one == all[l]);
  }
  CHECK(rejected > 50);  // 1 - 1/M with M between 2 / sqrt(pi) and 4 / e: 11 % to 32 %
  CHECK(rejected < 370);
}

TEST_CASE("unimodal beta: what is not a number stays so", "[core]") {
  CHECK(std::isnan(unimodal_betas({}, std::numeric_limits<double>::quiet_NaN(), 2, 5)[3]));
}

}  // namespace windtunnel

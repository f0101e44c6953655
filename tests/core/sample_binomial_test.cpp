#include <algorithm>
#include <cmath>
#include <vector>

#include "core/lane_variates.hpp"
#include "support/catch.hpp"
#include "support/chi_square.hpp"
#include "windtunnel/core/math.hpp"
#include "windtunnel/core/samplers.hpp"

namespace windtunnel {
namespace {

/// Counts of outcomes from `first` on, one cell an outcome.
struct Histogram {
  i64 first;
  std::vector<i64> cells;
};

Histogram draw(i32 count, double probability, i64 draws, u64 seed) {
  const Random random(seed, Purpose::outcome);
  constexpr std::size_t kLanes = 1 << 14;
  const std::vector<i32> counts(kLanes, count);
  const std::vector<double> probabilities(kLanes, probability);
  const double mean = count * probability, reach = 12.0 * std::sqrt(mean * (1.0 - probability)) + 60.0;
  const i64 first = static_cast<i64>(std::max(0.0, mean - reach));
  const i64 last = static_cast<i64>(std::min<double>(count, mean + reach));
  Histogram histogram{first, std::vector<i64>(static_cast<std::size_t>(last - first) + 1)};
  std::vector<i32> out(kLanes);
  for (i64 time = 0; time * static_cast<i64>(kLanes) < draws; ++time) {
    sample_binomial({&random, 0}, {static_cast<u32>(time), 0, 0}, counts, probabilities, out);
    const i64 size = std::min(static_cast<i64>(kLanes), draws - time * static_cast<i64>(kLanes));
    for (i64 i = 0; i < size; ++i)
      ++histogram.cells.at(static_cast<std::size_t>(out[static_cast<std::size_t>(i)] - first));
  }
  return histogram;
}

double standardised(i32 count, double probability, i64 draws, u64 seed) {
  const Histogram histogram = draw(count, probability, draws, seed);
  std::vector<double> law;
  for (std::size_t i = 0; i < histogram.cells.size(); ++i)
    law.push_back(
        math::binomial_pmf(static_cast<double>(histogram.first + static_cast<i64>(i)), count, probability));
  return chi_square(histogram.cells, law, draws).standardised();
}

/// The smallest k whose distribution function reaches the uniform of the lane, by summed probabilities.
i32 reference_inversion(double uniform, i32 count, double p) {
  double sum = 0.0;
  for (i32 k = 0; k < count; ++k) {
    sum += math::binomial_pmf(k, count, p);
    if (uniform <= sum) return k;
  }
  return count;
}

/// BTRS as Hormann prints it, one lane and one attempt after the other, with the probabilities themselves.
i32 reference_rejection(const Random& random, u64 replication, Address address, i32 count, double p) {
  const double deviation = std::sqrt(count * p * (1.0 - p)), b = 1.15 + 2.53 * deviation;
  const double a = -0.0873 + 0.0248 * b + 0.01 * p, alpha = (2.83 + 5.1 / b) * deviation;
  const double at_mode = math::binomial_pmf(std::floor((count + 1.0) * p), count, p);
  for (u32 draw = 0;; draw += 4) {
    const double u = uniform_at(random, replication, later(address, draw)) - 0.5;
    const double v = uniform_at(random, replication, later(address, draw + 2));
    const double us = 0.5 - std::fabs(u);
    const double k = std::floor((2.0 * a / us + b) * u + count * p + 0.5);
    if (us >= 0.07 && v <= 0.92 - 4.2 / b) return static_cast<i32>(k);
    if (k < 0.0 || k > count) continue;
    if (v * alpha / (a / (us * us) + b) <= math::binomial_pmf(k, count, p) / at_mode)
      return static_cast<i32>(k);
  }
}

}  // namespace

TEST_CASE("binomial: every lane has the outcome of the textbook loop", "[core]") {
  const Random random(6, Purpose::outcome);
  const Address address{5, 6, 7};
  for (const auto& [count, probability] :
       {std::pair{3, 0.2}, std::pair{100, 0.05}, std::pair{1000, 0.995}, std::pair{100, 0.1},
        std::pair{1000, 0.05}, std::pair{1000, 0.9}, std::pair{1000000, 0.3}}) {
    const std::size_t lanes = 50000;
    std::vector<i32> out(lanes);
    sample_binomial({&random, 1000}, address, std::vector<i32>(lanes, count),
                    std::vector<double>(lanes, probability), out);
    const double p = std::min(probability, 1.0 - probability);
    i64 wrong = 0;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const u64 replication = 1000 + lane;
      const i32 k = count * p < 10.0 ? reference_inversion(uniform_at(random, replication, address), count, p)
                                     : reference_rejection(random, replication, address, count, p);
      wrong += out[lane] != (probability > 0.5 ? count - k : k);
    }
    INFO("count " << count << " probability " << probability);
    CHECK(wrong == 0);
  }
}

TEST_CASE("binomial: draws follow the law where libstdc++ does not", "[core]") {
  u64 seed = 0;
  for (const auto& [count, probability] :
       {std::pair{160, 0.05}, std::pair{250, 0.05}, std::pair{1000, 0.02}, std::pair{1000, 0.05}}) {
    INFO("count " << count << " probability " << probability);
    CHECK(std::fabs(standardised(count, probability, test_draws(10'000'000), ++seed)) < 4.0);
  }
}

TEST_CASE("binomial: draws follow the law over the whole range", "[core]") {
  u64 seed = 50;
  for (const auto& [count, probability] :
       {std::pair{1, 0.3}, std::pair{1, 0.9}, std::pair{2, 0.5}, std::pair{20, 0.05}, std::pair{20, 0.5},
        std::pair{21, 0.5}, std::pair{199, 0.05}, std::pair{201, 0.05}, std::pair{1000, 0.005},
        std::pair{1000, 0.95}, std::pair{1000, 0.999}, std::pair{31234, 0.2}, std::pair{1000000, 2e-6},
        std::pair{1000000, 0.3}, std::pair{1000000, 1.0 - 2e-5}, std::pair{100000000, 0.5},
        std::pair{2000000000, 0.01}}) {
    INFO("count " << count << " probability " << probability);
    CHECK(std::fabs(standardised(count, probability, test_draws(1'000'000), ++seed)) < 4.0);
  }
}

TEST_CASE("binomial: certain outcomes are drawn as such", "[core]") {
  const Random random(1, Purpose::outcome);
  const std::vector<i32> count{0, 0, 0, 1, 1, 1000, 1000, 2147483647, 2147483647};
  const std::vector<double> probability{0.0, 0.5, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0};
  std::vector<i32> out(count.size());
  sample_binomial({&random, 0}, {}, count, probability, out);
  CHECK(out == std::vector<i32>{0, 0, 0, 0, 1, 0, 1000, 0, 2147483647});
}

TEST_CASE("binomial: a lane is drawn alike alone and among others", "[core]") {
  const Random random(2, Purpose::outcome);
  std::vector<i32> count(2000), together(count.size()), alone(count.size());
  std::vector<double> probability(count.size());
  for (std::size_t lane = 0; lane < count.size(); ++lane) {
    count[lane] = static_cast<i32>(lane * lane % 5003);
    probability[lane] = static_cast<double>(lane) / 1999.0;
  }
  sample_binomial({&random, 900}, {1, 2, 3}, count, probability, together);
  for (std::size_t lane = 0; lane < count.size(); ++lane)
    sample_binomial({&random, 900 + lane}, {1, 2, 3}, std::span(count).subspan(lane, 1),
                    std::span(probability).subspan(lane, 1), std::span(alone).subspan(lane, 1));
  CHECK(together == alone);
  for (std::size_t lane = 0; lane < count.size(); ++lane) {
    REQUIRE(together[lane] >= 0);
    REQUIRE(together[lane] <= count[lane]);
  }
}

TEST_CASE("binomial: lanes and places are uncorrelated", "[core]") {
  const Random random(3, Purpose::outcome);
  const std::size_t size = 1 << 18;
  const std::vector<i32> count(size, 400);
  const std::vector<double> probability(size, 0.25);
  std::vector<i32> base(size), other(size);
  const auto correlation = [&](std::size_t lag) {
    double sum = 0.0;
    for (std::size_t i = 0; i + lag < size; ++i) sum += (base[i + lag] - 100) * (other[i] - 100);
    return sum / (75.0 * std::sqrt(static_cast<double>(size - lag)));
  };
  sample_binomial({&random, 0}, {0, 0, 0}, count, probability, base);
  other = base;
  for (const std::size_t lag : std::initializer_list<std::size_t>{1, 16, 64})
    CHECK(std::fabs(correlation(lag)) < 4.0);
  for (const Address address : {Address{1, 0, 0}, Address{0, 1, 0}, Address{0, 0, kBinomialDraws}}) {
    sample_binomial({&random, 0}, address, count, probability, other);
    CHECK(std::fabs(correlation(0)) < 4.0);
  }
}

TEST_CASE("binomial: table and per-lane sampler agree in mean and variance", "[core]") {
  const Random random(4, Purpose::outcome);
  const std::size_t size = static_cast<std::size_t>(test_draws(1 << 20));
  const std::vector<i32> count(size, 1000);
  const std::vector<double> probability(size, 0.0575);
  std::vector<i32> sampled(size), looked_up(size, 0);
  sample_binomial({&random, 0}, {0, 0, 0}, count, probability, sampled);
  BinomialTable(1000, 0.0575).add({&random, 0}, {1, 0, 0}, looked_up);
  double difference = 0.0, squares = 0.0;
  const double variance = 57.5 * (1.0 - 0.0575);
  for (std::size_t i = 0; i < size; ++i) {
    difference += sampled[i] - looked_up[i];
    squares += (sampled[i] - 57.5) * (sampled[i] - 57.5) - (looked_up[i] - 57.5) * (looked_up[i] - 57.5);
  }
  const double n = static_cast<double>(size);
  CHECK(std::fabs(difference) < 4.0 * std::sqrt(2.0 * n * variance));
  CHECK(std::fabs(squares) < 4.0 * std::sqrt(2.0 * n * (2.0 * variance * variance + variance)));
}

}  // namespace windtunnel

#include <cmath>
#include <vector>

#include "support/catch.hpp"
#include "support/chi_square.hpp"
#include "windtunnel/core/samplers.hpp"

namespace windtunnel {

TEST_CASE("bernoulli: an outcome is 1 where 64 bits lie below the probability", "[core]") {
  const Random random(1, Purpose::outcome);
  const Address address{3, 4, 5};
  for (const double probability : {0.0, 1e-12, 0.05, 1.0 / 3.0, 0.5, 0.999999, 1.0 - 0x1p-53, 1.0}) {
    std::vector<i32> total(5000, 10);
    add_bernoulli({&random, 77}, address, probability, total);
    i64 wrong = 0;
    for (u64 lane = 0; lane < total.size(); ++lane) {
      const u64 bits =
          static_cast<u64>(random.word(77 + lane, address)) << 32 | random.word(77 + lane, later(address, 1));
      const bool success = probability == 1.0 || bits < static_cast<u64>(probability * 0x1p64);
      wrong += total[lane] != 10 + success;
    }
    INFO("probability " << probability);
    CHECK(wrong == 0);
  }
}

TEST_CASE("bernoulli: a tie of the first word is decided by the second", "[core]") {
  const Random random(2, Purpose::outcome);
  const Address address{1, 1, 0};
  for (u64 lane = 0; lane < 300; ++lane) {
    // The probability whose first 32 bits are the lane's own word, followed by a chosen remainder. The word
    // is halved into 53 bits of precision: 32 of them leave 21 for the remainder.
    const double word = static_cast<double>(random.word(lane, address));
    const double next = static_cast<double>(random.word(lane, later(address, 1))) * 0x1p-32;
    const double below = word + std::floor(next * 0x1p20) * 0x1p-20;
    i32 none = 0, one = 0;
    add_bernoulli({&random, lane}, address, below * 0x1p-32, {&none, 1});
    add_bernoulli({&random, lane}, address, (below + 0x1p-20) * 0x1p-32, {&one, 1});
    CHECK(none == 0);
    CHECK(one == 1);
  }
}

TEST_CASE("bernoulli: a probability per lane gives the numbers of one for all", "[core]") {
  const Random random(3, Purpose::outcome);
  std::vector<double> probability(3000);
  for (std::size_t lane = 0; lane < probability.size(); ++lane)
    probability[lane] = static_cast<double>(lane) / 2999.0;
  std::vector<i32> total(probability.size(), 0), pieces(total);
  add_bernoulli({&random, 100}, {}, probability, total);
  for (std::size_t lane = 0; lane < total.size(); ++lane)
    add_bernoulli({&random, 100 + lane}, {}, probability[lane], std::span(pieces).subspan(lane, 1));
  CHECK(total == pieces);
  CHECK(total.front() == 0);
  CHECK(total.back() == 1);
}

TEST_CASE("bernoulli: shares and their spread over lanes are right", "[core]") {
  const Random random(4, Purpose::outcome);
  for (const double probability : {0.001, 0.05, 0.5, 0.97}) {
    constexpr std::size_t kLanes = 4096;
    const i64 users = test_draws(2000);
    std::vector<i32> total(kLanes, 0);
    for (u32 user = 0; user < users; ++user) add_bernoulli({&random, 0}, {user, 0, 0}, probability, total);
    double sum = 0.0, squares = 0.0;
    const double mean = static_cast<double>(users) * probability, variance = mean * (1.0 - probability);
    for (const i32 successes : total) {
      sum += successes - mean;
      squares += (successes - mean) * (successes - mean);
    }
    INFO("probability " << probability);
    CHECK(std::fabs(sum / std::sqrt(kLanes * variance)) < 4.0);
    // The fourth central moment of a binomial is 3 v^2 + v (1 - 6 p q), hence the variance of a squared
    // deviation.
    const double spread =
        2.0 * variance * variance + variance * (1.0 - 6.0 * probability * (1.0 - probability));
    CHECK(std::fabs((squares - kLanes * variance) / std::sqrt(kLanes * spread)) < 4.0);
  }
}

}  // namespace windtunnel

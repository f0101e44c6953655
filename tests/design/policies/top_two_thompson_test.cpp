#include "windtunnel/design/policies/top_two_thompson.hpp"

#include <cmath>
#include <vector>

#include "support/catch.hpp"
#include "support/chi_square.hpp"
#include "support/design_lab.hpp"
#include "support/plain_best.hpp"

namespace windtunnel {
namespace {

struct Arm {
  i32 users, wins;
};

/// The same arms in every lane.
Observed lanes_of(const std::vector<Arm>& arms, int lanes) {
  Observed observed;
  observed.begin(static_cast<int>(arms.size()), lanes, kBinaryChannels);
  for (std::size_t a = 0; a < arms.size(); ++a)
    for (int l = 0; l < lanes; ++l) {
      observed.users.row(static_cast<int>(a))[l] = arms[a].users;
      observed.successes.row(static_cast<int>(a))[l] = arms[a].wins;
    }
  return observed;
}

/// beta p_a + (1 - beta) sum over other arms i of p_i p_a / (1 - p_i).
std::vector<double> chances_of(const std::vector<Arm>& arms, double beta) {
  std::vector<BetaPosterior> posteriors;
  for (const Arm& arm : arms) posteriors.push_back({arm.wins + 1.0, arm.users - arm.wins + 1.0});
  std::vector<double> p(arms.size()), chances;
  plain_probability_best(posteriors, p);
  for (std::size_t a = 0; a < arms.size(); ++a) {
    double second = 0;
    for (std::size_t i = 0; i < arms.size(); ++i) second += i == a ? 0 : p[i] * p[a] / (1 - p[i]);
    chances.push_back(beta * p[a] + (1 - beta) * second);
  }
  return chances;
}

/// From arms alike to a leader whom redraws do not replace but once in ten thousand times: there the second
/// arm comes from the law of what is left. One user a lane, and many.
TEST_CASE("top_two_thompson: single users and many get arms with the chances it tells", "[policies]") {
  constexpr double kBeta = 0.3;
  constexpr int kLanes = 500;
  const auto policy = with_parameters<TopTwoThompson>(R"({"beta": 0.3})");
  const std::vector<std::vector<Arm>> cases{{{30, 10}, {40, 12}},
                                            {{0, 0}, {0, 0}, {0, 0}},
                                            {{40, 8}, {50, 12}, {30, 10}, {45, 11}},
                                            {{200, 60}, {100, 52}, {80, 20}},
                                            {{50, 10}, {400, 240}, {60, 20}, {45, 14}, {9, 2}}};
  unsigned seed = 0;
  for (const auto& arms : cases) {
    const int count = static_cast<int>(arms.size());
    const auto plan =
        policy.plan({}, {.seed = ++seed, .arms = count, .offers = kBinaryChannels, .tells_chances = true});
    const Observed observed = lanes_of(arms, kLanes);
    const std::vector<double> expected = chances_of(arms, kBeta);
    for (const i64 users : {1, 300}) {
      CAPTURE(seed, users);
      std::vector<i64> seen(arms.size());
      const i64 blocks = test_draws(users == 1 ? 200 : 40);
      for (i64 b = 0; b < blocks; ++b) {
        Allocation allocation;
        plan->open(static_cast<u64>(b * kLanes), kLanes)
            ->allocate({.users_before = 1000, .users_after = 1000 + users, .round_end = 1000 + users},
                       observed, allocation);
        if (b == 0)
          for (int a = 0; a < count; ++a)
            CHECK(std::fabs(allocation.chances.row(a)[7] - expected[static_cast<std::size_t>(a)]) < 1e-7);
        allocation.spread(count, kLanes, allocation);
        for (int a = 0; a < count; ++a)
          for (int l = 0; l < kLanes; ++l) seen[static_cast<std::size_t>(a)] += allocation.counts.row(a)[l];
      }
      // With at most 4 degrees of freedom this is exceeded once in 80,000 times.
      CHECK(chi_square(seen, expected, blocks * kLanes * users).statistic < 28);
    }
  }
}

}  // namespace
}  // namespace windtunnel

#include "windtunnel/design/policies/fixed_split.hpp"

#include <cmath>
#include <map>

#include "support/catch.hpp"
#include "support/chi_square.hpp"
#include "support/design_lab.hpp"
#include "windtunnel/core/math.hpp"
#include "windtunnel/design/shares.hpp"

namespace windtunnel {
namespace {

Observed lanes_of(int arms, int lanes) {
  Observed observed;
  observed.begin(arms, lanes, {Channel::users});
  return observed;
}

TEST_CASE("fixed_split: balanced arms have their share at every moment", "[policies]") {
  const auto policy = with_parameters<FixedSplit>(R"({"shares": [3, 2, 2]})");
  const Timeline timeline({5, 6, 100, 1001}, {0, 50}, 1001);
  const auto plan = policy.plan(timeline, {.seed = 1, .arms = 3, .offers = {}});
  const auto allocator = plan->open(0, 64);
  Allocation allocation;
  std::vector<i64> total(3);
  for (const Step& step : timeline.steps()) {
    allocator->allocate(step, lanes_of(3, 64), allocation);
    CHECK(allocation.kind == Allocation::Kind::shared);
    CHECK(plan->shared_users()->at(static_cast<std::size_t>(step.index)) == allocation.shared);
    for (std::size_t a = 0; a < 3; ++a) total[a] += allocation.shared[a];
    CHECK(total == largest_remainder(policy.planned_shares(3), step.users_after));
  }
}

TEST_CASE("fixed_split: shares are weights and equal where none are given", "[policies]") {
  CHECK(FixedSplit().planned_shares(4) == std::vector{0.25, 0.25, 0.25, 0.25});
  const auto policy = with_parameters<FixedSplit>(R"({"shares": [1, 3]})");
  CHECK(policy.planned_shares(2) == std::vector{0.25, 0.75});
  CHECK_THROWS_AS(policy.planned_shares(3), InputError);
  CHECK_THROWS(with_parameters<FixedSplit>(R"({"shares": [1, 0]})"));
}

/// Probability of (i, j, n - i - j) users.
double multinomial(int n, int i, int j, const std::vector<double>& p) {
  const int k = n - i - j;
  return math::exp(math::log_gamma(n + 1.0) - math::log_gamma(i + 1.0) - math::log_gamma(j + 1.0) -
                   math::log_gamma(k + 1.0) + i * math::log(p[0]) + j * math::log(p[1]) +
                   k * math::log(p[2]));
}

TEST_CASE("fixed_split: bernoulli assignment is multinomial", "[policies]") {
  constexpr int kUsers = 12, kLanes = 500;
  const auto policy = with_parameters<FixedSplit>(R"({"shares": [5, 3, 2], "assignment": "bernoulli"})");
  const Timeline timeline({kUsers}, {0}, kUsers);
  const auto plan = policy.plan(timeline, {.seed = 7, .arms = 3, .offers = {}});
  CHECK(plan->shared_users() == nullptr);
  const i64 blocks = test_draws(800);
  std::vector<i64> seen((kUsers + 1) * (kUsers + 1));
  Allocation allocation;
  const Observed observed = lanes_of(3, kLanes);
  for (i64 b = 0; b < blocks; ++b) {
    plan->open(static_cast<u64>(b * kLanes), kLanes)
        ->allocate(*timeline.steps().begin(), observed, allocation);
    CHECK(allocation.kind == Allocation::Kind::counts);
    for (int l = 0; l < kLanes; ++l) {
      const i32 i = allocation.counts.row(0)[l], j = allocation.counts.row(1)[l];
      REQUIRE(i + j + allocation.counts.row(2)[l] == kUsers);
      ++seen[static_cast<std::size_t>(i * (kUsers + 1) + j)];
    }
  }
  std::vector<double> law(seen.size());
  for (int i = 0; i <= kUsers; ++i)
    for (int j = 0; i + j <= kUsers; ++j)
      law[static_cast<std::size_t>(i * (kUsers + 1) + j)] =
          multinomial(kUsers, i, j, policy.planned_shares(3));
  CHECK(std::fabs(chi_square(seen, law, blocks * kLanes).standardised()) < 4);
}

TEST_CASE("fixed_split: bernoulli assignment of a replication does not depend on its block", "[policies]") {
  const auto policy = with_parameters<FixedSplit>(R"({"assignment": "bernoulli"})");
  const Timeline timeline({1000, 3'000'000'000 / 2}, {0}, 3'000'000'000 / 2);  // the second step has no table
  const auto plan = policy.plan(timeline, {.seed = 3, .arms = 2, .offers = {}});
  Allocation whole, part;
  for (const Step& step : timeline.steps()) {
    plan->open(0, 200)->allocate(step, lanes_of(2, 200), whole);
    plan->open(130, 50)->allocate(step, lanes_of(2, 50), part);
    for (int l = 0; l < 50; ++l) {
      CHECK(part.counts.row(0)[l] == whole.counts.row(0)[130 + l]);
      CHECK(part.counts.row(0)[l] + part.counts.row(1)[l] == step.users());
    }
  }
}

}  // namespace
}  // namespace windtunnel

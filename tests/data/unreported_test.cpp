#include <random>

#include "support/catch.hpp"
#include "windtunnel/data/observed.hpp"

/// Totals of users whose outcomes are not known, and of parts of the population.
namespace windtunnel {
namespace {

constexpr int kLanes = 3;
const Channels kColumns{Channel::users,      Channel::successes, Channel::sum,
                        Channel::deviations, Channel::covariate, Channel::metrics};

struct User {
  double y, x, m;
};

/// One arm's totals of users, added one at a time.
Observed totals(const std::vector<User>& users) {
  Observed all;
  all.begin(1, kLanes, kColumns, {0, 1, 0});
  for (const User& user : users) {
    Observed one;
    one.begin(1, kLanes, kColumns, {0, 1, 0});
    for (int l = 0; l < kLanes; ++l) {
      one.users.row(0)[l] = one.metrics[0].users.row(0)[l] = 1;
      one.successes.row(0)[l] = user.y > 0 ? 1 : 0;
      one.sum.row(0)[l] = user.y;
      one.covariate_sum.row(0)[l] = user.x;
      one.metrics[0].sum.row(0)[l] = user.m;
    }
    all.take(0, one);
  }
  return all;
}

void check_equal(const Observed& a, const Observed& b) {
  for (int l = 0; l < kLanes; ++l) {
    CHECK(a.users.row(0)[l] == b.users.row(0)[l]);
    CHECK(a.metrics[0].users.row(0)[l] == b.metrics[0].users.row(0)[l]);
    CHECK(a.successes.row(0)[l] == b.successes.row(0)[l]);
    CHECK(a.sum.row(0)[l] == Approx(b.sum.row(0)[l]).epsilon(1e-13));
    CHECK(a.deviations.row(0)[l] == Approx(b.deviations.row(0)[l]).epsilon(1e-12));
    CHECK(a.covariate_sum.row(0)[l] == Approx(b.covariate_sum.row(0)[l]).epsilon(1e-13));
    CHECK(a.covariate_deviations.row(0)[l] == Approx(b.covariate_deviations.row(0)[l]).epsilon(1e-12));
    CHECK(a.cross_deviations.row(0)[l] == Approx(b.cross_deviations.row(0)[l]).epsilon(1e-12));
    CHECK(a.metrics[0].sum.row(0)[l] == Approx(b.metrics[0].sum.row(0)[l]).epsilon(1e-13));
    CHECK(a.metrics[0].deviations.row(0)[l] == Approx(b.metrics[0].deviations.row(0)[l]).epsilon(1e-12));
  }
}

std::vector<User> some_users(int count, unsigned seed) {
  std::mt19937_64 engine(seed);
  std::normal_distribution<double> normal(2, 1);
  std::vector<User> users;
  for (int i = 0; i < count; ++i) users.push_back({normal(engine), normal(engine), normal(engine)});
  return users;
}

TEST_CASE("observed: users who have not reported count as 0, and are known by their covariate", "[data]") {
  for (int reported : {0, 1, 7})
    for (int waiting : {0, 1, 5}) {
      CAPTURE(reported, waiting);
      const std::vector<User> told = some_users(reported, 1), silent = some_users(waiting, 2);
      std::vector<User> all = told;
      for (const User& user : silent) all.push_back({0, user.x, 0});
      Observed merged = totals(told);
      const Observed rest = totals(silent);
      merged.merge_unreported(0, rest);
      for (int l = 0; l < kLanes; ++l) merged.users.row(0)[l] += rest.users.row(0)[l];
      check_equal(merged, totals(all));
    }
}

TEST_CASE("observed: cohorts and known users of segments add up", "[data]") {
  Observed all;
  const Channels wanted{Channel::users,    Channel::sum,     Channel::deviations,
                        Channel::segments, Channel::cohorts, Channel::known};
  all.begin(1, kLanes, wanted, {2, 0, 3});
  REQUIRE(all.cohorts.size() == 3);
  REQUIRE(all.known.size() == 1);
  CHECK(&all.known_users() == &all.known.front());
  CHECK(all.columns() == Channels{Channel::users, Channel::sum, Channel::deviations});
  int number = 0;
  for (Observed& segment : all.segments) {
    REQUIRE(segment.segments.empty());
    for (Observed* totals : {&segment.cohorts[0], &segment.cohorts[2], &segment.known.front()}) {
      totals->users.row(0)[1] = ++number;
      totals->sum.row(0)[1] = number;
    }
    segment.users.row(0)[1] = 9;
  }
  for (int times = 0; times < 2; ++times) {  // twice is as once
    all.add_up_segments();
    CHECK(all.users.row(0)[1] == 18);
    CHECK(all.cohorts[0].users.row(0)[1] == 1 + 4);
    CHECK(all.cohorts[1].users.row(0)[1] == 0);
    CHECK(all.cohorts[2].sum.row(0)[1] == 2 + 5);
    CHECK(all.known_users().users.row(0)[1] == 3 + 6);
    CHECK(all.users.row(0)[0] == 0);
  }
  Observed plain;
  plain.begin(1, kLanes, {Channel::users});
  CHECK(&plain.known_users() == &plain);
}

}  // namespace
}  // namespace windtunnel

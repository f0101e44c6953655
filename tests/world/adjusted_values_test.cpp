#include <algorithm>
#include <cmath>
#include <random>

#include "design/analyses/values_lab.hpp"
#include "windtunnel/design/analyses/bootstrap.hpp"
#include "windtunnel/design/analyses/mann_whitney.hpp"
#include "windtunnel/design/analyses/quantile.hpp"
#include "windtunnel/world/features/covariate.hpp"
#include "world/outcome_lab.hpp"

/// Values adjusted by a covariate, against users written out one by one.
namespace windtunnel {
namespace {

const Channels kWithCovariate = kAllChannels | Channels{Channel::covariate, Channel::exposures};

Covariate make_covariate(double correlation) {
  Covariate covariate;
  read_keys(covariate, {{"correlation", correlation}});
  return covariate;
}

std::unique_ptr<Lens> cuped_lens() {
  auto lens = make_covariate(0.5).lens();
  read_keys(*lens, {{"adjust", "cuped"}});
  return lens;
}

struct User {
  double y, x;
};
using Users = std::vector<std::vector<User>>;  // [arm][user]

/// Arms of users, some of whom have not reported: an outcome of 0, and a covariate all the same.
Users made_up_users(unsigned seed) {
  std::mt19937_64 engine(seed);
  std::normal_distribution<> normal;
  Users arms(3);
  for (auto& arm : arms) {
    arm.resize(5 + engine() % 30);
    for (User& user : arm) {
      user.x = 3 + normal(engine);
      user.y = engine() % 5 == 0 ? 0 : 2 + 1.5 * user.x + normal(engine);
    }
  }
  return arms;
}

/// The users of every lane, merged one by one, the u-th of an arm from step u.
Observed observed_users(const std::vector<Users>& lanes) {
  const int arms = static_cast<int>(lanes[0].size()), count = static_cast<int>(lanes.size());
  Observed observed;
  observed.begin(arms, count, kWithCovariate);
  for (int l = 0; l < count; ++l)
    for (int arm = 0; arm < arms; ++arm)
      for (const User& user : lanes[static_cast<std::size_t>(l)][static_cast<std::size_t>(arm)]) {
        Observed one;
        one.begin(arms, count, kWithCovariate);
        one.users.row(arm)[l] = 1;
        one.sum.row(arm)[l] = user.y;
        one.covariate_sum.row(arm)[l] = user.x;
        one.keep(arm, l, user.y);
        one.covariates.push(arm, l, user.x);
        one.keep_exposures(arm, observed.users.row(arm)[l]);
        observed.take(arm, one);
      }
  return observed;
}

/// y - theta (x - mean of x), theta the regression of y on x within arms.
Values adjusted_by_hand(const Users& arms) {
  double products = 0, squares = 0, total = 0, users = 0;
  for (const auto& arm : arms) {
    double x = 0, y = 0;
    const double n = static_cast<double>(arm.size());
    for (const User& user : arm) {
      x += user.x / n;
      y += user.y / n;
      total += user.x;
      ++users;
    }
    for (const User& user : arm) {
      products += (user.x - x) * (user.y - y);
      squares += (user.x - x) * (user.x - x);
    }
  }
  Values values;
  for (const auto& arm : arms) {
    values.emplace_back();
    for (const User& user : arm)
      values.back().push_back(user.y - products / squares * (user.x - total / users));
  }
  return values;
}

TEST_CASE("cuped: tests of adjusted values are those of users adjusted by hand", "[world]") {
  std::vector<Users> lanes;
  std::vector<Values> by_hand;
  for (unsigned l = 0; l < 30; ++l) {
    lanes.push_back(made_up_users(l));
    by_hand.push_back(adjusted_by_hand(lanes.back()));
  }
  Observed scratch;
  const Observed observed = observed_users(lanes), expected = observed_of(by_hand);
  const Observed& seen = cuped_lens()->see(observed, {}, 0, scratch);
  for (int l = 0; l < seen.lanes; ++l)
    for (int arm = 0; arm < seen.arms; ++arm) {
      const auto &values = seen.values.at(arm, l), &known = expected.values.at(arm, l);
      REQUIRE(values.size() == known.size());
      const std::vector<double>& steps = seen.exposures.at(arm, l);
      REQUIRE(steps.size() == known.size());
      for (std::size_t u = 0; u < values.size(); ++u) {
        CHECK(values[u] == Approx(known[u]).margin(1e-10));
        CHECK(steps[u] == static_cast<double>(u));
      }
      CHECK(seen.sum.row(arm)[l] == Approx(expected.sum.row(arm)[l]).margin(1e-9));
      CHECK(seen.deviations.row(arm)[l] == Approx(expected.deviations.row(arm)[l]).margin(1e-8));
    }
  const Setting setting = make_setting(3, kAllChannels, {1000});
  const auto compare = [&](const Analysis& analysis) {
    const Evidence a = weighed(analysis, setting, seen), b = weighed(analysis, setting, expected);
    for (int h = 0; h < 2; ++h)
      for (int l = 0; l < seen.lanes; ++l) {
        CHECK(a.excess.row(h)[l] == Approx(b.excess.row(h)[l]).margin(1e-10));
        CHECK(a.variance.row(h)[l] == Approx(b.variance.row(h)[l]).epsilon(1e-8).margin(1e-12));
      }
  };
  compare(MannWhitney());
  compare(Quantile(0.7));
  compare(Bootstrap(99));
}

TEST_CASE("cuped: covariates kept are those of the totals, on both paths", "[world]") {
  const auto outcome = make_outcome("normal", {{"mean", 2}, {"sd", 1.5}});
  const Random values(3, Purpose::outcome), spread(3, Purpose::spread), company(3, Purpose::company);
  LiftTerm none;
  none.law.assign(2, Distribution::point(0));
  const Climate climate({"a", "b"}, 1, none);
  const auto model =
      make_covariate(0.6).together(outcome->plan({}, kWithCovariate), climate, 1.5, kWithCovariate, 1);
  for (const Path path : {Path::increments, Path::users}) {
    Observed observed;
    observed.begin(2, 50, kWithCovariate);
    const Batch batch{1, 1, {60, nullptr}, {2, nullptr}};
    const BatchSource source{{&values, 0}, {&spread, 0}, {&company, 0}, {0, 1, 0}};
    path == Path::users ? model->add_users(batch, source, observed)
                        : model->add_batch(batch, source, observed);
    double together = 0;
    for (int l = 0; l < 50; ++l) {
      const auto &y = observed.values.at(1, l), &x = observed.covariates.at(1, l);
      REQUIRE(y.size() == 60);
      REQUIRE(x.size() == 60);
      double sum = 0, squares = 0, products = 0;
      for (const double value : x) sum += value;
      for (std::size_t u = 0; u < 60; ++u) {
        squares += (x[u] - sum / 60) * (x[u] - sum / 60);
        products += (x[u] - sum / 60) * y[u];
        together += (y[u] - 2) / 1.5 * x[u] / 3000;
      }
      CHECK(observed.covariate_sum.row(1)[l] == Approx(sum).margin(1e-11));
      CHECK(observed.covariate_deviations.row(1)[l] == Approx(squares).margin(1e-10));
      CHECK(observed.cross_deviations.row(1)[l] == Approx(products).margin(1e-10));
    }
    // Of 3,000 products of correlated normal numbers, each of the variance 1 + 0.6^2.
    CHECK(std::fabs(together - 0.6) <= 4 * std::sqrt(1.36 / 3000));
  }
}

}  // namespace
}  // namespace windtunnel

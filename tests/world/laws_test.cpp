#include <algorithm>
#include <cmath>

#include "support/chi_square.hpp"
#include "world/outcome_cases.hpp"

/// What outcomes say of their law without drawing: distribution functions and skewness.
namespace windtunnel {
namespace {

std::vector<Case> all_cases() {
  std::vector<Case> all = cases();
  all.push_back({"normal", "normal", {{"mean", 1.5}, {"sd", 2}}, [](int k) {
                   const double moments[] = {1, 1.5, 6.25, 21.375};
                   return moments[k];
                 }});
  all.push_back({"bernoulli", "bernoulli", {{"rate", 0.2}}, [](int k) { return k == 0 ? 1 : 0.2; }});
  all.push_back({"beta with a heavy lower end", "beta", {{"mean", 0.8}, {"concentration", 0.5}}, [](int k) {
                   double moment = 1;
                   for (int i = 0; i < k; ++i) moment *= (0.4 + i) / (0.5 + i);
                   return moment;
                 }});
  return all;
}

TEST_CASE("outcomes: variance and skewness are those of the moments", "[world]") {
  for (const Case& c : all_cases()) {
    INFO(c.name);
    const auto outcome = make_outcome(c.type, c.parameters);
    const double m = c.raw_moment(1), v = c.raw_moment(2) - m * m;
    const double third = c.raw_moment(3) - 3 * m * c.raw_moment(2) + 2 * m * m * m;
    CHECK(outcome->variance(m) == Approx(v).epsilon(1e-9));
    // Third moments cancel to about 1e-13 of their terms; large Poisson means leave a thousandth of them.
    CHECK(outcome->skewness(m) == Approx(third / (v * std::sqrt(v))).epsilon(1e-7).margin(1e-12));
    if (!outcome->takes_absolute_lifts())  // lifts multiply, which leaves it alone
      CHECK(outcome->skewness(1.7 * m) == Approx(outcome->skewness(m)).epsilon(1e-12));
  }
}

TEST_CASE("outcomes: skewness is 0 where outcomes do not differ", "[world]") {
  CHECK(make_outcome("bernoulli", {{"rate", 0.2}})->skewness(1) == 0);
  CHECK(make_outcome("poisson", {{"mean", 1}})->skewness(0) == 0);
  CHECK(make_outcome("negative_binomial", {{"mean", 1}, {"dispersion", 1}})->skewness(0) == 0);
  CHECK(make_outcome("lognormal", {{"log_mean", 1}, {"log_sd", 1}})->skewness(0) == 0);
  CHECK(make_outcome("empirical", {{"file", "sample.csv"}, {"column", "value"}})->skewness(0) == 0);
}

/// The users of one replication each, all drawn by the plain path.
std::vector<double> users(const Outcome& outcome, const std::string& type, double mean, int count) {
  if (type != "bernoulli") return draw_totals(outcome, {1}, {mean}, count, Path::users).sum;
  const Random random(11, Purpose::outcome);
  std::vector<i32> successes(static_cast<std::size_t>(count));
  add_bernoulli({&random, 0}, {}, mean, successes);
  return {successes.begin(), successes.end()};
}

TEST_CASE("outcomes: users lie below a number as often as the distribution says", "[world]") {
  const int count = static_cast<int>(test_draws(200'000));
  for (const Case& c : all_cases())
    for (const double lift : {1.0, 1.15}) {
      INFO(c.name << " times " << lift);
      const auto outcome = make_outcome(c.type, c.parameters);
      const double mean = lift * c.raw_moment(1), spread = std::sqrt(c.raw_moment(2));
      const auto distribution = outcome->distribution(mean);
      std::vector<double> values = users(*outcome, c.type, mean, count), chances;
      std::sort(values.begin(), values.end());
      std::vector<i64> seen;
      double below = 0, counted = 0;
      for (int cell = -60; cell <= 120; ++cell) {  // from 6 spreads below to 12 above, with 0 a bound
        const double bound = 0.1 * cell * spread, upto = distribution(bound);
        const auto at =
            static_cast<double>(std::upper_bound(values.begin(), values.end(), bound) - values.begin());
        CHECK(upto >= below);
        chances.push_back(upto - below);
        seen.push_back(static_cast<i64>(at - counted));
        below = upto;
        counted = at;
      }
      CHECK(std::fabs(chi_square(seen, chances, count).standardised()) < 4);
      CHECK(distribution(-outcome->largest(mean) - 1) == Approx(0).margin(1e-15));
      CHECK(distribution(outcome->largest(mean)) == Approx(1).epsilon(1e-12));
    }
}

TEST_CASE("outcomes: a conversion lift moves who pays, and the distribution with it", "[world]") {
  const auto outcome = make_outcome("revenue", {{"payer_rate", 0.2}, {"log_mean", 1}, {"log_sd", 0.5}},
                                    {{"on", "conversion"}});
  const auto distribution = outcome->distribution(1.5 * outcome->levels()[0].value);
  CHECK(distribution(-1e-300) == 0);
  CHECK(distribution(0) == Approx(0.7).epsilon(1e-14));
  CHECK(distribution(std::exp(1.0)) == Approx(0.85).epsilon(1e-14));  // the median payer
}

TEST_CASE("outcomes: a lift of -100 % leaves zeros alone", "[world]") {
  for (const Case& c : cases()) {
    const auto outcome = make_outcome(c.type, c.parameters);
    if (!outcome->legal_means().contains(0)) continue;
    INFO(c.name);
    const auto distribution = outcome->distribution(0);
    CHECK(distribution(-1e-300) == 0);
    CHECK(distribution(0) == Approx(1).epsilon(1e-12));
  }
}

}  // namespace
}  // namespace windtunnel

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <map>

#include "support/chi_square.hpp"
#include "world/outcome_cases.hpp"

/// Sums and squared deviations of every outcome against closed forms, on both paths.
namespace windtunnel {
namespace {

/// Mean of x with its standard error.
std::pair<double, double> mean_of(const std::vector<double>& x) {
  double mean = 0, squares = 0;
  const auto n = static_cast<double>(x.size());
  for (double v : x) mean += v / n;
  for (double v : x) squares += (v - mean) * (v - mean);
  return {mean, std::sqrt(squares) / n};
}

void check_mean(const char* what, const std::vector<double>& x, double expected) {
  const auto [mean, error] = mean_of(x);
  INFO(what << ": " << mean << " +- " << error << ", expected " << expected);
  CHECK(std::fabs(mean - expected) <= 4 * error);
}

/// Sum S and squared deviations D of n users with central moments v, m3, m4: means n m and (n - 1) v,
/// variances n v and (n - 1)^2/n (m4 - v^2 (n - 3)/(n - 1)), covariance (n - 1) m3.
void check_moments(const Case& c, const ArmTotals& totals, double n, double factor) {
  const double m = c.raw_moment(1) * factor, r2 = c.raw_moment(2) * factor * factor,
               r3 = c.raw_moment(3) * std::pow(factor, 3), r4 = c.raw_moment(4) * std::pow(factor, 4);
  const double v = r2 - m * m, m3 = r3 - 3 * m * r2 + 2 * m * m * m,
               m4 = r4 - 4 * m * r3 + 6 * m * m * r2 - 3 * m * m * m * m;
  std::vector<double> square_of_sum, square_of_deviations, product;
  for (std::size_t l = 0; l < totals.sum.size(); ++l) {
    const double s = totals.sum[l] - n * m, d = totals.deviations[l] - (n - 1) * v;
    square_of_sum.push_back(s * s);
    square_of_deviations.push_back(d * d);
    product.push_back(s * d);
  }
  check_mean("sum", totals.sum, n * m);
  check_mean("deviations", totals.deviations, (n - 1) * v);
  check_mean("variance of the sum", square_of_sum, n * v);
  check_mean("variance of the deviations", square_of_deviations,
             (n - 1) * (n - 1) / n * (m4 - v * v * (n - 3) / (n - 1)));
  check_mean("covariance", product, (n - 1) * m3);
}

TEST_CASE("outcomes: sums and squared deviations have their moments on both paths", "[world]") {
  for (const Case& c : cases())
    for (const Path path : {Path::increments, Path::users}) {
      const bool one_by_one = path == Path::users;
      INFO(c.name << (one_by_one ? ", users one by one" : ", increments"));
      const auto outcome = make_outcome(c.type, c.parameters);
      const double mean = outcome->levels()[0].value;
      CHECK(mean == Approx(c.raw_moment(1)).epsilon(1e-12));
      const int lanes = static_cast<int>(test_draws(one_by_one ? 20'000 : 40'000));
      check_moments(c, draw_totals(*outcome, {60, 1, 140}, {mean}, lanes, path), 201, 1);
      if (!outcome->takes_absolute_lifts())
        check_moments(c, draw_totals(*outcome, {30}, {1.3 * mean}, lanes, path), 30, 1.3);
    }
}

/// Chi-square of the probability integral transforms in 50 cells.
double uniformity(const std::vector<double>& transforms) {
  std::vector<i64> cells(50, 0);
  for (double u : transforms) ++cells[static_cast<std::size_t>(std::min(49.0, u * 50))];
  return chi_square_uniform(cells, static_cast<i64>(transforms.size())).standardised();
}

TEST_CASE("outcomes: one user's value has its law on both paths", "[world]") {
  const int lanes = static_cast<int>(test_draws(200'000));
  for (const Path path : {Path::increments, Path::users}) {
    const auto values = [&](const char* type, const Json& parameters, double mean) {
      return draw_totals(*make_outcome(type, parameters), {1}, {mean}, lanes, path).sum;
    };
    std::vector<double> logs, amounts, scores;
    for (double y : values("lognormal", {{"log_mean", 0}, {"log_sd", 1.5}}, 2 * std::exp(1.125)))
      logs.push_back(boost::math::cdf(boost::math::normal(std::log(2), 1.5), std::log(y)));
    CHECK(std::fabs(uniformity(logs)) < 4);
    for (double y :
         values("revenue", {{"payer_rate", 0.5}, {"log_mean", 3}, {"log_sd", 2}}, 0.5 * std::exp(5)))
      if (y > 0) amounts.push_back(boost::math::cdf(boost::math::normal(3, 2), std::log(y)));
    CHECK(std::fabs(uniformity(amounts)) < 4);
    CHECK(std::fabs(static_cast<double>(amounts.size()) - 0.5 * lanes) <= 4 * std::sqrt(0.25 * lanes));
    for (double y : values("beta", {{"mean", 0.5}, {"concentration", 0.6}}, 0.1))
      scores.push_back(boost::math::cdf(boost::math::beta_distribution<>(0.06, 0.54), y));
    // Half of the scores lie below 1e-5 and some below the doubles: the transform itself needs no more.
    CHECK(std::fabs(uniformity(scores)) < 4);
    std::map<double, i64> seen;
    for (double y : values("empirical", {{"file", "histogram.csv"}}, 0.95)) ++seen[y];
    const std::vector<i64> counts{seen[0], seen[0.5], seen[1.25], seen[3]};
    CHECK(std::fabs(chi_square(counts, std::vector<double>{0.4, 0.2, 0.2, 0.2}, lanes).standardised()) < 4);
  }
}

using Joint = std::map<std::pair<int, int>, double>;  // (sum, sum of squares) -> probability

/// The joint law of sum and sum of squares of n counts, by adding user after user.
Joint joint_law(int n, double mean, double dispersion) {
  Joint law{{{0, 0}, 1.0}};
  for (int user = 0; user < n; ++user) {
    Joint next;
    for (const auto& [at, p] : law)
      for (int k = 0; k < 40 && (k < mean || p * count_mass(k, mean, dispersion) > 1e-13); ++k)
        next[{at.first + k, at.second + k * k}] += p * count_mass(k, mean, dispersion);
    law = std::move(next);
  }
  return law;
}

TEST_CASE("outcomes: sums and squares of counts have their joint law", "[world]") {
  constexpr int kUsers = 40;
  const int lanes = static_cast<int>(test_draws(400'000));
  for (const auto& [mean, dispersion] : {std::pair{0.5, 0.0}, std::pair{0.3, 0.7}}) {
    const Json parameters =
        dispersion == 0 ? Json{{"mean", mean}} : Json{{"mean", mean}, {"dispersion", dispersion}};
    const auto outcome = make_outcome(dispersion == 0 ? "poisson" : "negative_binomial", parameters);
    const Joint law = joint_law(kUsers, mean, dispersion);
    for (const std::vector<i32>& steps : {std::vector<i32>{kUsers}, {25, 15}}) {
      const ArmTotals totals = draw_totals(*outcome, steps, {mean}, lanes, Path::increments);
      std::map<std::pair<int, int>, i64> seen;
      for (int l = 0; l < lanes; ++l) {
        const double sum = totals.sum[static_cast<std::size_t>(l)];
        const double squares = totals.deviations[static_cast<std::size_t>(l)] + sum * sum / kUsers;
        ++seen[{static_cast<int>(sum), static_cast<int>(std::lround(squares))}];
      }
      std::vector<double> probabilities;
      std::vector<i64> observed;
      for (const auto& [at, p] : law) {
        probabilities.push_back(p);
        observed.push_back(seen[at]);
      }
      CHECK(std::fabs(chi_square(observed, probabilities, lanes).standardised()) < 4);
    }
  }
}

TEST_CASE("outcomes: a replication is the same in every block", "[world]") {
  for (const Case& c : cases()) {
    INFO(c.name);
    const auto outcome = make_outcome(c.type, c.parameters);
    const double mean = outcome->levels()[0].value;
    std::vector<double> means;  // so that lanes differ in all that decides how they are drawn
    for (int l = 0; l < 150; ++l) means.push_back(mean * (0.5 + 0.01 * l / 1.5));
    for (const Path path : {Path::increments, Path::users}) {
      const ArmTotals whole = draw_totals(*outcome, {70, 3}, means, 150, path, 64);
      const std::vector<double> tail(means.begin() + 83, means.end());
      const ArmTotals part = draw_totals(*outcome, {70, 3}, tail, 67, path, 64 + 83);
      CHECK(std::equal(part.sum.begin(), part.sum.end(), whole.sum.begin() + 83));
      CHECK(std::equal(part.deviations.begin(), part.deviations.end(), whole.deviations.begin() + 83));
    }
  }
}

TEST_CASE("outcomes: equal values have no deviations at all", "[world]") {
  for (const Path path : {Path::increments, Path::users}) {
    const auto nobody = make_outcome("revenue", {{"payer_rate", 1e-12}, {"log_mean", 3}, {"log_sd", 1}});
    const auto never = make_outcome("poisson", {{"mean", 0}});
    const ArmTotals revenue = draw_totals(*nobody, {37, 1, 5}, {nobody->levels()[0].value}, 100, path);
    const ArmTotals counts = draw_totals(*never, {37, 1, 5}, {0}, 100, path);
    for (std::size_t l = 0; l < 100; ++l) {
      CHECK(revenue.sum[l] == 0);
      CHECK(revenue.deviations[l] == 0);
      CHECK(counts.sum[l] == 0);
      CHECK(counts.deviations[l] == 0);
    }
  }
}

TEST_CASE("outcomes: no value lies beyond the bound", "[world]") {
  for (const Case& c : cases()) {
    INFO(c.name);
    const auto outcome = make_outcome(c.type, c.parameters);
    const double mean = outcome->levels()[0].value, bound = outcome->largest(mean);
    for (double y : draw_totals(*outcome, {1}, {mean}, 20'000, Path::users).sum) CHECK(std::fabs(y) <= bound);
  }
}

TEST_CASE("outcomes: an effect on conversion changes who pays and not what", "[world]") {
  const Json parameters = {{"payer_rate", 0.2}, {"log_mean", 1}, {"log_sd", 0.5}};
  const auto outcome = make_outcome("revenue", parameters, {{"on", "conversion"}});
  CHECK(outcome->takes_absolute_lifts());
  CHECK(outcome->legal_means().high == Approx(lognormal_moment(1, 0.5, 1)));
  const double mean = outcome->levels()[0].value;
  const int lanes = static_cast<int>(test_draws(100'000));
  const Case law{"", "", {}, [](int k) { return 0.3 * lognormal_moment(1, 0.5, k); }};
  for (const Path path : {Path::increments, Path::users})
    check_moments(law, draw_totals(*outcome, {25}, {1.5 * mean}, lanes, path), 25, 1);
}

}  // namespace
}  // namespace windtunnel

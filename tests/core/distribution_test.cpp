#include "windtunnel/core/distribution.hpp"

#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "support/catch.hpp"
#include "windtunnel/core/lift.hpp"
#include "windtunnel/core/math.hpp"

namespace windtunnel {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::size_t kDraws = 100'000;

Distribution normal(double mean, double sd, double low = -kInfinity, double high = kInfinity) {
  Distribution law;
  law.type = Distribution::Type::normal;
  law.mean = mean;
  law.sd = sd;
  law.minimum = low;
  law.maximum = high;
  return law;
}

Distribution beta(double a, double b, double low = -kInfinity, double high = kInfinity) {
  Distribution law;
  law.type = Distribution::Type::beta;
  law.a = a;
  law.b = b;
  law.minimum = low;
  law.maximum = high;
  return law;
}

Distribution discrete(std::vector<double> values, std::vector<double> weights) {
  Distribution law;
  law.type = Distribution::Type::discrete;
  law.values = std::move(values);
  law.weights = std::move(weights);
  return law;
}

Distribution mixture(std::vector<Distribution> components, std::vector<double> weights) {
  Distribution law;
  law.type = Distribution::Type::mixture;
  law.components = std::move(components);
  law.weights = std::move(weights);
  return law;
}

std::vector<double> draw(const Distribution& law, u64 first = 0, std::size_t count = kDraws) {
  const Random random(7, Purpose::truth);
  std::vector<double> values(count);
  sample(law, {&random, first}, {0, 0, 0}, values);
  return values;
}

/// P(chi-square at least as large) of draws in 64 intervals of equal probability under the untruncated `cdf`,
/// conditioned on the law's own minimum and maximum.
double fit(const Distribution& law, const std::function<double(double)>& cdf) {
  constexpr int kCells = 64;
  const double from = law.minimum == -kInfinity ? 0 : cdf(law.minimum);
  const double to = law.maximum == kInfinity ? 1 : cdf(law.maximum);
  std::vector<double> seen(kCells, 0);
  for (double x : draw(law)) {
    const double u = (cdf(x) - from) / (to - from);
    ++seen[static_cast<std::size_t>(std::clamp(u * kCells, 0.0, kCells - 1.0))];
  }
  const double expected = static_cast<double>(kDraws) / kCells;
  double chi_square = 0;
  for (double count : seen) chi_square += (count - expected) * (count - expected) / expected;
  return math::chi_square_upper(chi_square, kCells - 1);
}

/// Ten laws are tested; each may fail by chance with probability 1e-6.
constexpr double kUnlikely = 1e-6;

double fit_normal(const Distribution& law) {
  return fit(law, [&law](double x) { return math::normal_cdf((x - law.mean) / law.sd); });
}

double fit_beta(const Distribution& law) {
  return fit(law, [&law](double x) { return math::incomplete_beta(law.a, law.b, x); });
}

/// Whether the mean of the draws is the expectation, within 5 standard errors.
bool mean_agrees(const Distribution& law) {
  double sum = 0, squares = 0;
  const std::vector<double> values = draw(law);
  for (double x : values) sum += x;
  const double mean = sum / kDraws;
  for (double x : values) squares += (x - mean) * (x - mean);
  const double error = std::sqrt(squares / kDraws / kDraws);
  return std::fabs(mean - law.expectation()) <= 5 * error + 1e-12 * std::fabs(mean);
}

TEST_CASE("distributions: normal draws follow their law and truncation is conditioning", "[core]") {
  CHECK(fit_normal(normal(0.05, 0.01)) > kUnlikely);
  CHECK(fit_normal(normal(1, 2, 0, 1.5)) > kUnlikely);
  CHECK(fit_normal(normal(0, 1, -kInfinity, -2)) > kUnlikely);
  CHECK(fit_normal(normal(0, 1, -1)) > kUnlikely);
}

TEST_CASE("distributions: far upper tails keep their digits", "[core]") {
  // Beyond 12 sd, P = 1.8e-33: only the mirrored tail can tell values apart. X - 12 is nearly exponential
  // with rate 12.08, so that a share of about .91 lies below 12.2.
  const std::vector<double> values = draw(normal(0, 1, 12));
  double below = 0;
  for (double x : values) {
    REQUIRE(x >= 12);
    below += x < 12.2 ? 1 : 0;
  }
  const double share = 1 - math::normal_upper(12.2) / math::normal_upper(12);
  CHECK(std::fabs(below / kDraws - share) < 5 * std::sqrt(share * (1 - share) / kDraws));
}

TEST_CASE("distributions: beta draws follow their law and truncation is conditioning", "[core]") {
  CHECK(fit_beta(beta(2, 3)) > kUnlikely);
  CHECK(fit_beta(beta(1, 1)) > kUnlikely);
  CHECK(fit_beta(beta(50, 950)) > kUnlikely);
  CHECK(fit_beta(beta(0.5, 0.3)) > kUnlikely);
  CHECK(fit_beta(beta(50, 950, 0.04, 0.06)) > kUnlikely);
  CHECK(fit_beta(beta(2, 30, 0.2, 1)) > kUnlikely);
}

TEST_CASE("distributions: a beta draw is the quantile of its uniform", "[core]") {
  const Random random(7, Purpose::truth);
  std::vector<double> uniform(2000), values(2000);
  const double shapes[][2] = {{1, 1}, {0.5, 0.5}, {2, 7}, {0.1, 3}, {500, 9500}, {1e3, 3}};
  sample_uniform({&random, 0}, {0, 0, 0}, uniform);
  for (const auto& [a, b] : shapes) {
    sample(beta(a, b), {&random, 0}, {0, 0, 0}, values);
    double worst = 0;
    for (std::size_t i = 0; i < values.size(); ++i)
      worst = std::max(worst, std::fabs(math::incomplete_beta(a, b, values[i]) - uniform[i]));
    INFO(a << " " << b);
    // The stated 1e-12, and what rounding x moves the probability by: density (below 1e3) * 1.1e-16.
    CHECK(worst < 2e-12);
  }
}

TEST_CASE("distributions: discrete values come as often as their weights say", "[core]") {
  const Distribution law = discrete({-1, 0, 5}, {1, 2, 5});
  std::vector<double> seen(3, 0);
  for (double x : draw(law)) ++seen[x == -1 ? 0 : x == 0 ? 1 : 2];
  for (std::size_t i = 0; i < 3; ++i) {
    const double share = law.weights[i] / 8;
    CHECK(std::fabs(seen[i] / kDraws - share) < 5 * std::sqrt(share * (1 - share) / kDraws));
  }
}

TEST_CASE("distributions: a truncated mixture weighs components by what is left of them", "[core]") {
  Distribution law = mixture({discrete({0, 1}, {1, 3}), normal(0, 1), Distribution::point(9)}, {1, 2, 1});
  law.minimum = 0.5;
  law.maximum = 5;
  // Left of the components: 1/4 * 3/4 at the value 1, 2/4 * P(.5 < Z < 5) of the normal, nothing at 9.
  const double atom = 0.25 * 0.75, tail = 0.5 * (math::normal_cdf(5) - math::normal_cdf(0.5));
  const double share = atom / (atom + tail);
  double ones = 0;
  for (double x : draw(law)) {
    REQUIRE(x >= 0.5);
    REQUIRE(x <= 5);
    ones += x == 1 ? 1 : 0;
  }
  CHECK(std::fabs(ones / kDraws - share) < 5 * std::sqrt(share * (1 - share) / kDraws));
  CHECK(law.kept() == Approx(atom + tail).epsilon(1e-12));
  CHECK(mean_agrees(law));
}

TEST_CASE("distributions: expectations are the means of the draws", "[core]") {
  CHECK(Distribution::point(3).expectation() == 3);
  CHECK(normal(0.05, 0.01).expectation() == 0.05);
  CHECK(beta(1, 3).expectation() == Approx(0.25).epsilon(1e-12));
  CHECK(discrete({1, 2}, {1, 3}).expectation() == 1.75);
  // E[Z | Z > 0] = sqrt(2 / pi).
  CHECK(normal(0, 1, 0).expectation() == Approx(0.79788456080286536).epsilon(1e-12));
  // Uniform on (.2, .6).
  CHECK(beta(1, 1, 0.2, 0.6).expectation() == Approx(0.4).epsilon(1e-12));
  for (const Distribution& law :
       {normal(1, 2, 0, 1.5), beta(2, 30, 0.2, 1), beta(0.5, 0.3), normal(0, 1, 12)})
    CHECK(mean_agrees(law));
}

TEST_CASE("distributions: the support is the smallest interval that holds all draws", "[core]") {
  const auto ends = [](const Distribution& law) {
    const auto [low, high] = law.support();
    return std::pair(low, high);
  };
  CHECK(ends(Distribution::point(2)) == std::pair(2.0, 2.0));
  CHECK(ends(normal(0, 1)) == std::pair(-kInfinity, kInfinity));
  CHECK(ends(normal(0, 1, -1, 3)) == std::pair(-1.0, 3.0));
  CHECK(ends(beta(1, 1)) == std::pair(0.0, 1.0));
  CHECK(ends(beta(1, 1, -1, 0.5)) == std::pair(0.0, 0.5));
  Distribution law = mixture({discrete({-4, 1, 2}, {1, 1, 1}), beta(1, 1)}, {1, 1});
  CHECK(ends(law) == std::pair(-4.0, 2.0));
  law.minimum = 0.25;
  CHECK(ends(law) == std::pair(0.25, 2.0));
  law.minimum = 1.5;
  CHECK(ends(law) == std::pair(2.0, 2.0));
}

TEST_CASE("distributions: a replication draws the same whatever block asks", "[core]") {
  const Distribution laws[] = {normal(0, 1), normal(0, 1, 0), beta(2, 3), discrete({1, 2}, {1, 1}),
                               mixture({normal(0, 1), beta(1, 1)}, {1, 1})};
  for (const Distribution& law : laws) {
    const std::vector<double> all = draw(law, 0, 100), part = draw(law, 40, 20);
    CHECK(std::equal(part.begin(), part.end(), all.begin() + 40));
  }
}

TEST_CASE("lifts: every treatment finds its law", "[core]") {
  Lift lift;
  lift.values = {Distribution::point(1)};
  CHECK(lift.of(2, "blue") == Distribution::point(1));
  lift.values.push_back(Distribution::point(2));
  CHECK(lift.of(2, "blue") == Distribution::point(2));
  lift.values.clear();
  lift.by_name["blue"] = Distribution::point(3);
  CHECK(lift.of(1, "blue") == Distribution::point(3));
  CHECK(lift.of(2, "red") == Distribution::point(0));
}

TEST_CASE("lifts: a relative planning value is times the baseline", "[core]") {
  Lift lift;
  lift.values = {Distribution::point(0.5)};
  CHECK(lift.absolute(1, "blue", 0.1) == 0.5);
  lift.scale = Lift::Scale::relative;
  CHECK(lift.absolute(1, "blue", 0.1) == 0.05);
  lift.values.push_back(Distribution::point(0.25));
  CHECK(lift.absolute(2, "red", 0.1) == 0.025);
  CHECK(lift.is_known());
  lift.values = {normal(0, 1)};
  CHECK(!lift.is_known());
  CHECK_THROWS(lift.absolute(1, "blue", 0.1));
  lift.values.clear();
  lift.by_name["blue"] = Distribution::point(-2);
  CHECK(lift.absolute(1, "blue", 0.1) == -0.2);
  CHECK(lift.absolute(2, "red", 0.1) == 0);
  CHECK(lift.is_known());
  lift.by_name["red"] = normal(0, 1);
  CHECK(!lift.is_known());
}

}  // namespace
}  // namespace windtunnel

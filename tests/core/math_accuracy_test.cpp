#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

#include "support/catch.hpp"
#include "windtunnel/core/math.hpp"

/// Errors of core/math against Boost.Math in long double, over wide ranges of arguments. Each bound is the
/// one stated in windtunnel/core/math.hpp; Boost's own error is some 1e-17 times the condition of the
/// problem.
namespace windtunnel {
namespace {

using Wide = long double;

/// Point i of a sequence that fills the unit cube evenly: coordinate `axis` of Roberts' R3 sequence.
double coordinate(int i, int axis) {
  constexpr double kSteps[] = {0.8191725133961645, 0.6710436067037893, 0.5497004779019703};
  const double value = 0.5 + kSteps[axis] * (i + 1);
  return value - std::floor(value);
}

double between(double low, double high, double fraction) {
  return low + (high - low) * fraction;
}

double between_logs(double low, double high, double fraction) {
  return math::exp(between(math::log(low), math::log(high), fraction));
}

double relative(double got, Wide expected) {
  return static_cast<double>(std::fabs((got - expected) / expected));
}

double absolute(double got, Wide expected) {
  return static_cast<double>(std::fabs(got - expected));
}

TEST_CASE("math accuracy: the normal law in its tails", "[core]") {
  double worst = 0.0;
  double worst_quantile = 0.0;
  const Wide root2 = std::sqrt(Wide{2});
  for (int i = 0; i < 20000; ++i) {
    const double x = between(-37.0, 37.0, coordinate(i, 0));
    const Wide upper = boost::math::erfc(x / root2) / 2;
    worst = std::max(worst, relative(math::normal_upper(x), upper));
    worst = std::max(worst, relative(math::normal_cdf(-x), upper));
    const double p = i % 2 == 0 ? coordinate(i, 1) : between_logs(1e-300, 0.1, coordinate(i, 1));
    const Wide z = -root2 * boost::math::erfc_inv(2 * Wide{p});
    worst_quantile = std::max(worst_quantile, relative(math::normal_quantile(p), z));
  }
  CHECK(worst < 2e-15);
  CHECK(worst_quantile < 2e-15);
}

TEST_CASE("math accuracy: logarithms of Gamma and Beta", "[core]") {
  double worst_gamma = 0.0;
  double worst_beta = 0.0;
  for (int i = 0; i < 20000; ++i) {
    const double x =
        i % 2 == 0 ? between(0.0, 20.0, coordinate(i, 0)) : between_logs(1e-10, 1e10, coordinate(i, 0));
    worst_gamma = std::max(worst_gamma, relative(math::log_gamma(x), boost::math::lgamma(Wide{x})));
    const double a = between_logs(1e-3, 2e3, coordinate(i, 1));
    const double b = between_logs(1e-3, 2e3, coordinate(i, 2));
    const Wide expected = std::log(boost::math::beta(Wide{a}, Wide{b}));
    worst_beta = std::max(worst_beta, absolute(math::log_beta(a, b), expected) /
                                          std::max(1.0, std::fabs(static_cast<double>(expected))));
  }
  CHECK(worst_gamma < 2e-15);
  CHECK(worst_beta < 1e-14);
}

TEST_CASE("math accuracy: incomplete Beta function up to parameters of a million", "[core]") {
  for (const double largest : {10.0, 1e3, 1e6}) {
    double worst = 0.0;
    double worst_tail = 0.0;
    for (int i = 0; i < 5000; ++i) {
      const double a = between_logs(1e-2, largest, coordinate(i, 0));
      const double b = between_logs(1e-2, largest, coordinate(i, 1));
      const double mean = a / (a + b);
      const double deviation = std::sqrt(mean * (1.0 - mean) / (a + b + 1.0));
      double x = mean + deviation * between(-8.0, 8.0, coordinate(i, 2));
      if (x <= 0.0 || x >= 1.0) x = coordinate(i, 2);
      const Wide expected = boost::math::ibeta(Wide{a}, Wide{b}, Wide{x});
      worst = std::max(worst, absolute(math::incomplete_beta(a, b, x), expected));
      if (x < mean && expected > 1e-300L) {
        worst_tail = std::max(worst_tail, relative(math::incomplete_beta(a, b, x), expected));
      }
    }
    CHECK(worst < 1e-13);
    CHECK(worst_tail < 2e-12);
  }
}

TEST_CASE("math accuracy: incomplete Gamma function and chi-square tail", "[core]") {
  double worst = 0.0;
  double worst_tail = 0.0;
  for (int i = 0; i < 10000; ++i) {
    const double a = between_logs(1e-2, 1e6, coordinate(i, 0));
    double x = a + std::sqrt(a) * between(-8.0, 8.0, coordinate(i, 1));
    if (x <= 0.0) x = between(0.0, 10.0, coordinate(i, 2));
    worst = std::max(worst, absolute(math::incomplete_gamma(a, x), boost::math::gamma_p(Wide{a}, Wide{x})));
    const double shape = between_logs(0.5, 1e5, coordinate(i, 0));
    const double y = shape + 1.0 + std::sqrt(shape) * between(0.0, 20.0, coordinate(i, 1));
    worst_tail = std::max(worst_tail, relative(math::chi_square_upper(2.0 * y, 2.0 * shape),
                                               boost::math::gamma_q(Wide{shape}, Wide{y})));
  }
  CHECK(worst < 1e-13);
  CHECK(worst_tail < 1e-12);
}

TEST_CASE("math accuracy: the tails of Student's law and their quantiles", "[core]") {
  double worst = 0.0;
  double worst_quantile = 0.0;
  for (int i = 0; i < 4000; ++i) {
    const double nu = between_logs(0.1, 1e12, coordinate(i, 0));
    const boost::math::students_t_distribution<Wide> law(nu);
    const double t = -between_logs(1e-3, 35.0, coordinate(i, 1));
    worst = std::max(worst, relative(math::student_t_cdf(t, nu), boost::math::cdf(law, Wide{t})));
    const double lowest = nu < 1.0 ? 1e-20 : 1e-250;
    const double p = i % 2 == 0 ? coordinate(i, 2) : between_logs(lowest, 0.5, coordinate(i, 2));
    const double quantile = math::student_t_quantile(p, nu);
    // Boost's quantile is less precise than its probability, so the error of t is read off the latter.
    const Wide side = p < 0.5
                          ? Wide{p} - boost::math::cdf(law, Wide{quantile})
                          : boost::math::cdf(boost::math::complement(law, Wide{quantile})) - (1 - Wide{p});
    const Wide error = side / boost::math::pdf(law, Wide{quantile}) / quantile;
    worst_quantile = std::max(worst_quantile, static_cast<double>(std::fabs(error)));
  }
  CHECK(worst < 1e-12);
  CHECK(worst_quantile < 1e-12);
}

TEST_CASE("math accuracy: binomial probabilities", "[core]") {
  double worst = 0.0;
  double worst_absolute = 0.0;
  for (int i = 0; i < 10000; ++i) {
    const double n = std::floor(between_logs(1.0, 1e6, coordinate(i, 0)));
    const double p = between_logs(1e-4, 1.0, coordinate(i, 1));
    const double k = std::floor(n * p + std::sqrt(n * p * (1.0 - p)) * between(-8.0, 8.0, coordinate(i, 2)));
    if (k < 0.0 || k > n) continue;
    // Density of Beta(k + 1, n - k + 1) at p, divided by n + 1.
    const Wide expected =
        boost::math::ibeta_derivative(Wide{k} + 1, Wide{n} - k + 1, Wide{p}) / (Wide{n} + 1);
    const double got = math::binomial_pmf(k, n, p);
    worst_absolute = std::max(worst_absolute, absolute(got, expected));
    if (k > 0.0 && k < n) worst = std::max(worst, relative(got, expected));
  }
  CHECK(worst < 1e-12);
  CHECK(worst_absolute < 1e-14);
}

}  // namespace
}  // namespace windtunnel

#include "windtunnel/core/math.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <limits>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "places.hpp"
#include "support/catch.hpp"
#include "windtunnel/core/lane_math.hpp"
#include "windtunnel/core/types.hpp"

namespace windtunnel {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// `count` points spread evenly but not regularly over (low, high): multiples of the golden ratio modulo 1.
std::vector<double> spread_points(double low, double high, int count) {
  std::vector<double> points;
  double fraction = 0.5;
  for (int i = 0; i < count; ++i) {
    fraction += 0.6180339887498949;
    fraction -= std::floor(fraction);
    points.push_back(low + (high - low) * fraction);
  }
  return points;
}

/// Largest |ours - reference| over the points, in units of the last place of the reference.
double largest_error_in_ulps(double (*ours)(double), const std::function<long double(long double)>& reference,
                             const std::vector<double>& points) {
  double largest = 0.0;
  for (const double x : points) {
    const long double expected = reference(x);
    int exponent = 0;
    std::frexp(static_cast<double>(expected), &exponent);
    const long double ulp = std::ldexp(1.0L, std::max(exponent, -1021) - 53);
    largest = std::max(largest, static_cast<double>(std::fabs(ours(x) - expected) / ulp));
  }
  return largest;
}

std::vector<double> powers_of_e(const std::vector<double>& exponents) {
  std::vector<double> values;
  for (const double x : exponents) values.push_back(math::exp(x));
  return values;
}

using Arguments = std::vector<double>;

const std::map<std::string, std::function<double(const Arguments&)>>& functions() {
  using A = Arguments;
  static const std::map<std::string, std::function<double(const Arguments&)>> table{
      {"exp", [](const A& a) { return math::exp(a.at(0)); }},
      {"log", [](const A& a) { return math::log(a.at(0)); }},
      {"log1p", [](const A& a) { return math::log1p(a.at(0)); }},
      {"expm1", [](const A& a) { return math::expm1(a.at(0)); }},
      {"pow", [](const A& a) { return math::pow(a.at(0), a.at(1)); }},
      {"log_gamma", [](const A& a) { return math::log_gamma(a.at(0)); }},
      {"log_beta", [](const A& a) { return math::log_beta(a.at(0), a.at(1)); }},
      {"normal_pdf", [](const A& a) { return math::normal_pdf(a.at(0)); }},
      {"normal_cdf", [](const A& a) { return math::normal_cdf(a.at(0)); }},
      {"normal_upper", [](const A& a) { return math::normal_upper(a.at(0)); }},
      {"normal_quantile", [](const A& a) { return math::normal_quantile(a.at(0)); }},
      {"incomplete_beta", [](const A& a) { return math::incomplete_beta(a.at(0), a.at(1), a.at(2)); }},
      {"incomplete_gamma", [](const A& a) { return math::incomplete_gamma(a.at(0), a.at(1)); }},
      {"chi_square_upper", [](const A& a) { return math::chi_square_upper(a.at(0), a.at(1)); }},
      {"student_t_cdf", [](const A& a) { return math::student_t_cdf(a.at(0), a.at(1)); }},
      {"student_t_quantile", [](const A& a) { return math::student_t_quantile(a.at(0), a.at(1)); }},
      {"binomial_pmf", [](const A& a) { return math::binomial_pmf(a.at(0), a.at(1), a.at(2)); }}};
  return table;
}

/// Size of the value a tolerance is relative to, as math_known_answers.txt says.
double scale_of(const std::string& name, double value) {
  if (name == "incomplete_beta" || name == "incomplete_gamma") return 1.0;
  if (name == "log_beta") return std::max(1.0, std::fabs(value));
  return std::fabs(value);
}

TEST_CASE("math: known answers are met within the stated errors", "[core]") {
  std::ifstream file(std::string(WINDTUNNEL_SOURCE_DIR) + "/tests/core/math_known_answers.txt");
  std::map<std::string, int> answers;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream words(line);
    std::string name;
    double tolerance = 0.0;
    double value = 0.0;
    words >> name >> tolerance >> value;
    Arguments arguments;
    for (std::string word; words >> word;) arguments.push_back(std::strtod(word.c_str(), nullptr));
    INFO(line);
    const double got = functions().at(name)(arguments);
    CHECK(std::fabs(got - value) <= tolerance * scale_of(name, value));
    ++answers[name];
  }
  for (const auto& [name, function] : functions()) {
    INFO(name);
    CHECK(answers[name] >= 4);
  }
}

TEST_CASE("math: elementary functions stay within their units in the last place", "[core]") {
  // The 64-bit significand of long double leaves the reference 2^-11 ulp of its own error.
  const int count = 100000;
  const auto exp_reference = [](long double x) { return std::exp(x); };
  const auto log_reference = [](long double x) { return std::log(x); };
  const auto log1p_reference = [](long double x) { return std::log1p(x); };
  const auto expm1_reference = [](long double x) { return std::expm1(x); };
  CHECK(largest_error_in_ulps(math::exp, exp_reference, spread_points(-708.0, 709.7, count)) < 0.95);
  CHECK(largest_error_in_ulps(math::exp, exp_reference, spread_points(-1.0, 1.0, count)) < 0.95);
  CHECK(largest_error_in_ulps(math::exp, exp_reference, spread_points(-745.0, -708.0, count)) < 1.45);
  CHECK(largest_error_in_ulps(math::log, log_reference, powers_of_e(spread_points(-744.0, 709.0, count))) <
        0.95);
  CHECK(largest_error_in_ulps(math::log, log_reference, spread_points(0.5, 2.0, count)) < 0.95);
  CHECK(largest_error_in_ulps(math::log1p, log1p_reference, spread_points(-0.9999, 10.0, count)) < 1.6);
  CHECK(largest_error_in_ulps(math::log1p, log1p_reference, powers_of_e(spread_points(-50.0, 1.0, count))) <
        1.6);
  CHECK(largest_error_in_ulps(math::expm1, expm1_reference, spread_points(-45.0, 50.0, count)) < 1.6);
  CHECK(largest_error_in_ulps(math::expm1, expm1_reference, powers_of_e(spread_points(-50.0, 1.0, count))) <
        1.6);
  CHECK(largest_error_in_ulps([](double x) { return math::pow(x, -7.3); },
                              [](long double x) { return std::pow(x, static_cast<long double>(-7.3)); },
                              spread_points(0.01, 10.0, count)) < 1.6);
}

TEST_CASE("math: a loop over lanes gives the bits of the scalar functions", "[core]") {
  std::vector<double> points = spread_points(-760.0, 760.0, 4099);
  for (const double x : {0.0, -0.0, 1.0, 5e-324, 1e-310, kInfinity, -kInfinity, kNan}) points.push_back(x);
  const int lanes = static_cast<int>(points.size());
  std::vector<double> exps(points.size()), logs(points.size()), uppers(points.size());
  for (int l = 0; l < lanes; ++l) exps.data()[l] = lane_exp(points.data()[l]);
  for (int l = 0; l < lanes; ++l) logs.data()[l] = lane_log(points.data()[l]);
  for (int l = 0; l < lanes; ++l) uppers.data()[l] = lane_normal_upper(points.data()[l]);
  const auto same = [](double a, double b) {
    return std::bit_cast<u64>(a) == std::bit_cast<u64>(b) || (a != a && b != b);
  };
  int differences = 0;
  for (std::size_t l = 0; l < points.size(); ++l) {
    differences += !same(exps[l], math::exp(points[l]));
    differences += !same(logs[l], math::log(points[l]));
    differences += !same(uppers[l], math::normal_upper(points[l]));
  }
  CHECK(differences == 0);
}

TEST_CASE("math: the bits are those of every other build", "[core]") {
  // FNV-1a over the results. The constant was the same for g++ and clang++ on x86-64-v2 and v3 and AVX-512; a
  // change of an algorithm changes it, a change of build must not.
  u64 checksum = 0xcbf29ce484222325;
  const auto add = [&checksum](double value) {
    checksum = (checksum ^ std::bit_cast<u64>(value)) * 0x100000001b3;
  };
  for (const double u : spread_points(0.0, 1.0, 2000)) {
    const double x = 80.0 * u - 40.0;
    const double shape = math::exp(14.0 * u - 2.0);
    for (const double value :
         {math::exp(x), math::log(u), math::log1p(x * x), math::expm1(x), math::pow(u, x),
          math::log_gamma(shape), math::log_beta(shape, 3.0 * u), math::normal_pdf(x), math::normal_cdf(x),
          math::normal_quantile(u), math::incomplete_beta(shape, 2.5, u),
          math::incomplete_gamma(shape, shape + x * x), math::chi_square_upper(x * x, shape),
          math::student_t_cdf(x, shape), math::student_t_quantile(u, shape),
          math::binomial_pmf(std::floor(1000.0 * u), 1000.0, 0.3 + 0.4 * u)}) {
      add(value);
    }
  }
  CHECK(checksum == 0x813065e82de75367);
}

TEST_CASE("math: ends of the domains give the documented values", "[core]") {
  CHECK(math::exp(-kInfinity) == 0.0);
  CHECK(math::exp(kInfinity) == kInfinity);
  CHECK(math::exp(-745.2) == 0.0);
  CHECK(math::exp(-745.1) == 5e-324);
  CHECK(math::exp(709.79) == kInfinity);
  CHECK(math::log(0.0) == -kInfinity);
  CHECK(math::log(kInfinity) == kInfinity);
  CHECK(math::log1p(-1.0) == -kInfinity);
  CHECK(math::expm1(-kInfinity) == -1.0);
  CHECK(math::pow(0.0, 2.0) == 0.0);
  CHECK(math::pow(0.0, -2.0) == kInfinity);
  CHECK(math::pow(0.0, 0.0) == 1.0);
  CHECK(math::log_gamma(0.0) == kInfinity);
  CHECK(math::log_beta(0.0, 3.0) == kInfinity);
  CHECK(math::normal_cdf(-kInfinity) == 0.0);
  CHECK(math::normal_cdf(kInfinity) == 1.0);
  CHECK(math::normal_quantile(0.0) == -kInfinity);
  CHECK(math::normal_quantile(1.0) == kInfinity);
  CHECK(math::incomplete_beta(2.0, 3.0, 0.0) == 0.0);
  CHECK(math::incomplete_beta(2.0, 3.0, 1.0) == 1.0);
  CHECK(math::incomplete_gamma(2.0, 0.0) == 0.0);
  CHECK(math::incomplete_gamma(2.0, kInfinity) == 1.0);
  CHECK(math::chi_square_upper(-1.0, 3.0) == 1.0);
  CHECK(math::chi_square_upper(kInfinity, 3.0) == 0.0);
  CHECK(math::student_t_cdf(0.0, 3.0) == 0.5);
  CHECK(math::student_t_cdf(-kInfinity, 3.0) == 0.0);
  CHECK(math::student_t_quantile(0.5, 3.0) == 0.0);
  CHECK(math::student_t_quantile(0.0, 3.0) == -kInfinity);
  CHECK(math::student_t_quantile(0.975, kInfinity) == math::normal_quantile(0.975));
  CHECK(math::binomial_pmf(0.0, 0.0, 0.3) == 1.0);
  CHECK(math::binomial_pmf(0.0, 5.0, 0.0) == 1.0);
  CHECK(math::binomial_pmf(5.0, 5.0, 1.0) == 1.0);
  CHECK(math::binomial_pmf(2.5, 5.0, 0.4) == 0.0);
  CHECK(math::binomial_pmf(6.0, 5.0, 0.4) == 0.0);
}

TEST_CASE("math: arguments outside the domain give nan", "[core]") {
  for (const double value : {math::exp(kNan),
                             math::log(-1.0),
                             math::log(kNan),
                             math::log1p(-1.5),
                             math::log1p(kNan),
                             math::expm1(kNan),
                             math::pow(-2.0, 2.0),
                             math::pow(2.0, kNan),
                             math::log_gamma(-0.5),
                             math::log_beta(-1.0, 2.0),
                             math::log_beta(1.0, kNan),
                             math::normal_pdf(kNan),
                             math::normal_cdf(kNan),
                             math::normal_quantile(1.5),
                             math::normal_quantile(kNan),
                             math::incomplete_beta(0.0, 1.0, 0.5),
                             math::incomplete_beta(1.0, 1.0, 1.5),
                             math::incomplete_beta(1.0, 1.0, kNan),
                             math::incomplete_gamma(-1.0, 1.0),
                             math::incomplete_gamma(1.0, kNan),
                             math::chi_square_upper(1.0, 0.0),
                             math::chi_square_upper(kNan, 1.0),
                             math::student_t_cdf(kNan, 3.0),
                             math::student_t_cdf(1.0, 0.0),
                             math::student_t_quantile(-0.1, 3.0),
                             math::student_t_quantile(0.4, kNan),
                             math::binomial_pmf(kNan, 5.0, 0.4),
                             math::binomial_pmf(1.0, 5.0, 1.4)}) {
    CHECK(std::isnan(value));
  }
}

TEST_CASE("math: chi-square quantiles invert the upper tail", "[core]") {
  for (const double freedom : {1.0, 2.0, 7.5, 100.0})
    for (const double tail : {0.9, 0.05, 0.001, 1e-9}) {
      CAPTURE(freedom, tail);
      CHECK(math::chi_square_upper(math::chi_square_quantile_upper(tail, freedom), freedom) ==
            Approx(tail).epsilon(1e-11));
    }
  CHECK(math::chi_square_quantile_upper(0.05, 1) == Approx(3.841458820694124).epsilon(1e-12));
}

}  // namespace
}  // namespace windtunnel

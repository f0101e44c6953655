#include "windtunnel/design/student_curve.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "support/catch.hpp"
#include "windtunnel/core/math.hpp"

namespace windtunnel {
namespace {

TEST_CASE("student curve: it follows the exact quantile for all degrees of freedom", "[design]") {
  for (const double tail : {1e-200, 1e-15, 1e-6, 0.001, 0.025, 0.05, 0.3, 0.49, 0.9}) {
    const StudentCurve curve(tail);
    // A ratio of 1.013 between neighbours visits 800 places from 1 to 30,000 and all parts of 1 / df.
    for (double df = 1.0; df < 30000.0; df *= 1.013) {
      CAPTURE(tail, df);
      // The promised error, and the 1e-12 of the exact quantile.
      CHECK(curve(df) == Approx(-math::student_t_quantile(tail, df)).epsilon(1.01e-10).margin(0.0));
    }
  }
}

TEST_CASE("student curve: textbook quantiles and the normal limit", "[design]") {
  const StudentCurve curve(0.025);
  CHECK(std::fabs(curve(1.0) - 12.706204736174705) < 1.3e-9);
  CHECK(std::fabs(curve(10.0) - 2.2281388519649385) < 2.3e-10);
  CHECK(std::fabs(curve(30.0) - 2.0422724563012373) < 2.1e-10);
  CHECK(std::fabs(curve(1e9) + math::normal_quantile(0.025)) < 3e-9);
  CHECK(std::fabs(curve(std::numeric_limits<double>::infinity()) + math::normal_quantile(0.025)) < 2e-10);
}

TEST_CASE("student curve: the ends of the range of tail probabilities", "[design]") {
  const StudentCurve never(1e-250);
  const StudentCurve half(0.5);
  for (const double df : {1.0, 7.3, 1e6}) {
    CHECK(never(df) == std::numeric_limits<double>::infinity());
    CHECK(half(df) == 0.0);
  }
}

TEST_CASE("student curve: below one degree of freedom it is the exact quantile", "[design]") {
  const StudentCurve curve(0.025);
  for (const double df : {0.1, 0.5, 0.999}) CHECK(curve(df) == -math::student_t_quantile(0.025, df));
}

TEST_CASE("student curve: lanes get what single values get", "[design]") {
  const StudentCurve curve(0.025);
  std::vector<double> df;
  for (int i = 0; i < 77; ++i) df.push_back(0.7 * std::pow(1.3, i));
  df.push_back(std::numeric_limits<double>::infinity());
  df.push_back(std::numeric_limits<double>::quiet_NaN());
  std::vector<double> quantiles(df.size());
  curve.evaluate(df.data(), quantiles.data(), static_cast<int>(df.size()));
  for (std::size_t lane = 0; lane + 1 < df.size(); ++lane) CHECK(quantiles[lane] == curve(df[lane]));
  CHECK(std::isfinite(quantiles.back()));
}

}  // namespace
}  // namespace windtunnel

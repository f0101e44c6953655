#include "windtunnel/design/multiplicity.hpp"

#include <cmath>
#include <vector>

#include "support/catch.hpp"
#include "support/references.hpp"
#include "windtunnel/core/math.hpp"

namespace windtunnel {
namespace {

TEST_CASE("multiplicity: equal arms have the known family-wise error", "[design]") {
  // Equal shares give the correlation 1/2 of the references.
  for (const char* id : {"MULT-rho5-2", "MULT-rho5-5"}) {
    const Reference known = reference(id);
    const auto treatments = known.params.at("m").get<std::size_t>();
    const std::vector<double> shares(treatments + 1, 1.0);
    const double uncorrected = -math::normal_quantile(0.025);
    const double bonferroni = -math::normal_quantile(0.025 / static_cast<double>(treatments));
    CAPTURE(id);
    CHECK(std::fabs(family_wise_error(shares, uncorrected, Alternative::two_sided) - known.value(0)) <=
          known.tol(0));
    CHECK(std::fabs(family_wise_error(shares, bonferroni, Alternative::two_sided) - known.value(1)) <=
          known.tol(1));
  }
}

TEST_CASE("multiplicity: one treatment needs no correction", "[design]") {
  for (const double treatment : {0.001, 1.0, 1000.0})
    for (const double alpha : {1e-6, 0.05, 0.5}) {
      const std::vector<double> shares{1.0, treatment};
      CAPTURE(treatment, alpha);
      CHECK(std::fabs(dunnett_critical_value(shares, alpha, Alternative::two_sided) +
                      math::normal_quantile(alpha / 2)) < 1e-8);
      CHECK(std::fabs(dunnett_critical_value(shares, alpha, Alternative::one_sided) +
                      math::normal_quantile(alpha)) < 1e-8);
    }
}

TEST_CASE("multiplicity: Dunnett's critical values agree with high-precision quadrature", "[design]") {
  struct Case {
    std::vector<double> shares;
    double alpha, two_sided, one_sided;
  };
  // Adaptive quadrature with 30 digits; the first three rows at .05 are also Dunnett's tables (1955, 1964)
  // for infinitely many degrees of freedom: 2.21 and 1.92, 2.51 and 2.23, 2.69 and 2.42.
  const std::vector<Case> cases{{{1, 1, 1}, 0.05, 2.21212774657862, 1.91633194468762},
                                {std::vector<double>(6, 1.0), 0.05, 2.51146305347126, 2.23381696087002},
                                {std::vector<double>(10, 1.0), 0.05, 2.68622336737414, 2.4170175245956},
                                {{1, 1, 1}, 0.001, 3.47633075639819, 3.28450422931369},
                                {std::vector<double>(10, 1.0), 0.001, 3.84889562333021, 3.67104267633401},
                                {{2, 1, 1, 3}, 0.05, 2.36237372311025, 2.07953278591298},
                                {{2, 1, 1, 3}, 0.001, 3.58402759441361, 3.39743676380488},
                                {{0.01, 0.5, 0.49}, 0.05, 2.03327618599905, 1.71911866105431},
                                {{0.01, 0.5, 0.49}, 0.001, 3.35990151392455, 3.1601907682955}};
  for (const Case& one : cases) {
    CAPTURE(one.shares, one.alpha);
    CHECK(std::fabs(dunnett_critical_value(one.shares, one.alpha, Alternative::two_sided) - one.two_sided) <
          1e-8);
    CHECK(std::fabs(dunnett_critical_value(one.shares, one.alpha, Alternative::one_sided) - one.one_sided) <
          1e-8);
  }
}

TEST_CASE("multiplicity: a huge control makes comparisons independent and a tiny one makes them one",
          "[design]") {
  const double z = -math::normal_quantile(0.025);
  // The squared loadings are 1e-9 and 1 - 1e-7. A correlation r adds less than r; two z that differ by about
  // sqrt(2e-7) cross 1.96 apart with probability 2 phi(1.96) sqrt(2e-7) = 5e-5.
  CHECK(std::fabs(family_wise_error(std::vector<double>{1e9, 1, 1, 1}, z, Alternative::two_sided) -
                  (1.0 - 0.95 * 0.95 * 0.95)) < 1e-9);
  CHECK(std::fabs(family_wise_error(std::vector<double>{1e-7, 1, 1, 1}, z, Alternative::two_sided) - 0.05) <
        1e-4);
}

TEST_CASE("multiplicity: hundreds of arms solve to their level", "[design]") {
  const std::vector<double> shares(300, 1.0);
  const double critical_value = dunnett_critical_value(shares, 0.05, Alternative::two_sided);
  CHECK(critical_value < -math::normal_quantile(0.025 / 299));
  // The derivative of the error by the critical value is below 1: 1e-8 in one is 1e-8 in the other.
  CHECK(std::fabs(family_wise_error(shares, critical_value, Alternative::two_sided) - 0.05) < 1e-8);
}

}  // namespace
}  // namespace windtunnel

#include "windtunnel/design/boundaries.hpp"

#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "support/catch.hpp"
#include "support/references.hpp"
#include "windtunnel/core/math.hpp"

namespace windtunnel {
namespace {

std::vector<double> equally_spaced(int looks) {
  std::vector<double> fractions;
  for (int k = 1; k <= looks; ++k) fractions.push_back(static_cast<double>(k) / looks);
  return fractions;
}

double total(const std::vector<double>& probabilities) {
  return std::accumulate(probabilities.begin(), probabilities.end(), 0.0);
}

double crossing_at_level(const std::vector<double>& fractions, double alpha, Alternative alternative) {
  const double tail = alternative == Alternative::two_sided ? alpha / 2 : alpha;
  const std::vector<double> bounds(fractions.size(), -math::normal_quantile(tail));
  const Crossing crossed = crossing_probabilities(fractions, bounds, alternative, 0.0);
  return total(crossed.upper) + total(crossed.lower);
}

TEST_CASE("boundaries: testing again and again at one level rejects as often as published", "[design]") {
  for (const int looks : {1, 2, 3, 4, 5, 10, 14, 20, 50}) {
    const Reference known = reference("RST-2s-K" + std::to_string(looks) + "-a05");
    CAPTURE(looks);
    CHECK(std::fabs(crossing_at_level(equally_spaced(looks), 0.05, Alternative::two_sided) - known.value()) <=
          known.tol());
  }
  for (const int looks : {2, 5, 10}) {
    const Reference known = reference("RST-2s-K" + std::to_string(looks) + "-a01");
    CAPTURE(looks);
    CHECK(std::fabs(crossing_at_level(equally_spaced(looks), 0.01, Alternative::two_sided) - known.value()) <=
          known.tol());
  }
  const Reference one_sided = reference("RST-1s-K5-a05");
  CHECK(std::fabs(crossing_at_level(equally_spaced(5), 0.05, Alternative::one_sided) - one_sided.value()) <=
        one_sided.tol());
}

TEST_CASE("boundaries: uneven looks reject as often as published", "[design]") {
  for (const char* id : {"RST-uneq-doubling", "RST-uneq-weekly-4"}) {
    const Reference known = reference(id);
    std::vector<double> fractions = known.params.at("information").get<std::vector<double>>();
    const double all = fractions.back();
    for (double& fraction : fractions) fraction /= all;
    CAPTURE(id);
    CHECK(std::fabs(crossing_at_level(fractions, 0.05, Alternative::two_sided) - known.value(0)) <=
          known.tol());
    CHECK(std::fabs(crossing_at_level(fractions, 0.01, Alternative::two_sided) - known.value(1)) <=
          known.tol());
  }
}

TEST_CASE("boundaries: a look after every observation rejects as often as published", "[design]") {
  const Reference known = reference("PEEK-every-obs");
  for (std::size_t i = 0; i < known.size(); ++i) {
    const int looks = known.params.at("N").at(i).get<int>();
    CAPTURE(looks);
    if (kSanitized && looks > 1000) continue;
    const double rejected = crossing_at_level(equally_spaced(looks), 0.05, Alternative::two_sided);
    CHECK(std::fabs(rejected - known.value(i)) <= known.tol(i));
  }
}

TEST_CASE("boundaries: two looks agree with the bivariate normal integral to 1e-12", "[design]") {
  // Adaptive quadrature of the same probability with 25 digits.
  const double z = 1.959963984540054;
  const auto two_looks = [](double fraction, double first, double second, double drift) {
    const std::vector<double> fractions{fraction, 1.0};
    const std::vector<double> bounds{first, second};
    const Crossing crossed = crossing_probabilities(fractions, bounds, Alternative::two_sided, drift);
    return total(crossed.upper) + total(crossed.lower);
  };
  CHECK(std::fabs(two_looks(0.5, z, z, 0.0) - 0.083117803354517965) < 1e-12);
  CHECK(std::fabs(two_looks(0.999999, z, z, 0.0) - 0.050046632419160559) < 1e-12);
  CHECK(std::fabs(two_looks(0.0001, z, z, 0.0) - 0.097497375633384465) < 1e-12);
  CHECK(std::fabs(two_looks(0.3, 2.5, 2.0, 2.8) - 0.793308177987201594) < 1e-12);
}

TEST_CASE("boundaries: a look that coincides with its neighbour adds next to nothing", "[design]") {
  // A second look after a gap of d (relative) adds about phi(z) sqrt(d / (2 pi)) per side: 5e-6 for 1e-8.
  const double z = 1.959963984540054;
  const std::vector<double> apart{0.5, 1.0};
  const std::vector<double> doubled{0.5, 0.5 + 0.5e-8, 1.0};
  const Crossing without =
      crossing_probabilities(apart, std::vector<double>(2, z), Alternative::two_sided, 0.0);
  const Crossing with =
      crossing_probabilities(doubled, std::vector<double>(3, z), Alternative::two_sided, 0.0);
  const double added = 2.0 * (total(with.upper) - total(without.upper));
  CHECK(added > 0.0);
  CHECK(added < 1e-5);
}

TEST_CASE("boundaries: a look without a test changes nothing", "[design]") {
  const double never = std::numeric_limits<double>::infinity();
  for (const Alternative alternative : {Alternative::two_sided, Alternative::one_sided}) {
    const std::vector<double> fractions{0.2, 0.3, 0.6, 1.0};
    const std::vector<double> bounds{2.1, never, 2.2, 2.0};
    const std::vector<double> fewer_fractions{0.2, 0.6, 1.0};
    const std::vector<double> fewer_bounds{2.1, 2.2, 2.0};
    const Crossing all = crossing_probabilities(fractions, bounds, alternative, 1.5);
    const Crossing fewer = crossing_probabilities(fewer_fractions, fewer_bounds, alternative, 1.5);
    CHECK(all.upper[1] == 0.0);
    // Both integrals are good to 1e-11.
    CHECK(std::fabs(all.upper[2] - fewer.upper[1]) < 2e-11);
    CHECK(std::fabs(all.upper[3] - fewer.upper[2]) < 2e-11);
    CHECK(std::fabs(all.lower[3] - fewer.lower[2]) < 2e-11);
  }
}

TEST_CASE("boundaries: mirroring the drift swaps the sides and a strong drift crosses at once", "[design]") {
  const std::vector<double> fractions{0.1, 0.5, 0.55, 1.0};
  const std::vector<double> bounds{3.0, 2.5, 2.0, 2.0};
  const Crossing up = crossing_probabilities(fractions, bounds, Alternative::two_sided, 2.0);
  const Crossing down = crossing_probabilities(fractions, bounds, Alternative::two_sided, -2.0);
  for (std::size_t k = 0; k < fractions.size(); ++k) {
    CHECK(std::fabs(up.upper[k] - down.lower[k]) < 1e-15);
    CHECK(std::fabs(up.lower[k] - down.upper[k]) < 1e-15);
  }
  const Crossing strong = crossing_probabilities(fractions, bounds, Alternative::two_sided, 100.0);
  CHECK(strong.upper[0] == Approx(1.0).epsilon(1e-15));
  CHECK(total(strong.upper) <= 1.0 + 1e-15);
}

TEST_CASE("boundaries: Pocock and O'Brien-Fleming constants are the published ones", "[design]") {
  for (const int looks : {2, 3, 4, 5, 10}) {
    const Reference pocock = reference("GS-POC-z-K" + std::to_string(looks));
    const Reference obrien = reference("GS-OBF-z-K" + std::to_string(looks));
    const std::vector<double> fractions = equally_spaced(looks);
    const auto constant = critical_values(Boundary::pocock, fractions, 0.05, Alternative::two_sided);
    const auto falling = critical_values(Boundary::obrien_fleming, fractions, 0.05, Alternative::two_sided);
    CAPTURE(looks);
    CHECK(std::fabs(constant.back() - pocock.value()) <= pocock.tol());
    CHECK(constant.front() == constant.back());
    CHECK(std::fabs(falling.back() - obrien.value()) <= obrien.tol());
    CHECK(std::fabs(falling.front() - falling.back() * std::sqrt(looks)) < 1e-12);
  }
  // Roots of the bivariate normal integral with 25 digits.
  const std::vector<double> halves{0.5, 1.0};
  CHECK(std::fabs(critical_values(Boundary::pocock, halves, 0.05, Alternative::two_sided).back() -
                  2.17827208872743755) < 1e-9);
  CHECK(std::fabs(critical_values(Boundary::obrien_fleming, halves, 0.05, Alternative::two_sided).back() -
                  1.97743095929235754) < 1e-9);
}

TEST_CASE("boundaries: solved critical values spend exactly alpha for any spacing", "[design]") {
  const std::vector<std::vector<double>> spacings{{1.0},
                                                  {1e-4, 1.0},
                                                  {0.5, 0.500001, 1.0},
                                                  {1e-4, 1e-3, 0.3, 0.999, 0.999001, 1.0},
                                                  equally_spaced(kSanitized ? 10 : 200)};
  for (const auto& fractions : spacings)
    for (const Boundary boundary : {Boundary::pocock, Boundary::obrien_fleming})
      for (const Alternative alternative : {Alternative::two_sided, Alternative::one_sided})
        for (const double alpha : kSanitized ? std::vector{0.025} : std::vector{1e-6, 0.025, 0.2, 0.9}) {
          const auto bounds = critical_values(boundary, fractions, alpha, alternative);
          const Crossing crossed = crossing_probabilities(fractions, bounds, alternative, 0.0);
          CAPTURE(fractions.size(), alpha);
          // An error of 1e-8 in the constant moves the logarithm of alpha by at most c * 1e-8 < 1e-7.
          CHECK(total(crossed.upper) + total(crossed.lower) == Approx(alpha).epsilon(1e-7));
        }
}

}  // namespace
}  // namespace windtunnel

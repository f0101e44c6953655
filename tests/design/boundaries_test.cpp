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

/// What a two-sided design does at one drift: crossing at either side, the information spent.
struct Performance {
  double upper, power, information;
  std::vector<double> stopping;  ///< probability that look k is the last, crossed or not, shape [looks]
};

Performance performance(const std::vector<double>& fractions, const std::vector<double>& bounds,
                        double drift) {
  const Crossing crossed = crossing_probabilities(fractions, bounds, Alternative::two_sided, drift);
  Performance result{total(crossed.upper), 0.0, 0.0, {}};
  double going_on = 1.0;
  for (std::size_t k = 0; k < fractions.size(); ++k) {
    const double crossing = crossed.upper[k] + crossed.lower[k];
    const double stopping = k + 1 < fractions.size() ? crossing : going_on;
    going_on -= crossing;
    result.power += crossing;
    result.stopping.push_back(stopping);
    result.information += stopping * fractions[k];
  }
  return result;
}

/// E(score / t at the end) - drift. The likelihood ratio exp(drift * score - drift^2 t / 2) makes the
/// derivative of P(end at look k) by the drift equal to E((score - drift t); end at look k).
double bias_of_estimate(const std::vector<double>& fractions, const std::vector<double>& bounds,
                        double drift) {
  // Central differences of order 4: with h = .01 and fifth derivatives of order 1 the error is h^4/30 <
  // 4e-10.
  const double h = 0.01;
  const std::vector<double> minus2 = performance(fractions, bounds, drift - 2 * h).stopping;
  const std::vector<double> minus1 = performance(fractions, bounds, drift - h).stopping;
  const std::vector<double> plus1 = performance(fractions, bounds, drift + h).stopping;
  const std::vector<double> plus2 = performance(fractions, bounds, drift + 2 * h).stopping;
  double bias = 0.0;
  for (std::size_t k = 0; k < fractions.size(); ++k)
    bias += (8 * (plus1[k] - minus1[k]) - (plus2[k] - minus2[k])) / (12 * h) / fractions[k];
  return bias;
}

/// The drift at which a two-sided design has this power.
double drift_for_power(const std::vector<double>& fractions, const std::vector<double>& bounds,
                       double power) {
  double low = 0.0;
  double high = 10.0;
  while (high - low > 1e-10) {
    const double middle = 0.5 * (low + high);
    (performance(fractions, bounds, middle).power < power ? low : high) = middle;
  }
  return low;
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
  const std::vector<std::vector<double>> spacings{
      {1.0}, {1e-4, 1.0}, {0.5, 0.500001, 1.0}, {1e-4, 1e-3, 0.3, 0.999, 0.999001, 1.0}, equally_spaced(200)};
  for (const auto& fractions : spacings)
    for (const Boundary boundary : {Boundary::pocock, Boundary::obrien_fleming})
      for (const Alternative alternative : {Alternative::two_sided, Alternative::one_sided})
        for (const double alpha : {1e-6, 0.025, 0.2, 0.9}) {
          const auto bounds = critical_values(boundary, fractions, alpha, alternative);
          const Crossing crossed = crossing_probabilities(fractions, bounds, alternative, 0.0);
          CAPTURE(fractions.size(), alpha);
          // An error of 1e-8 in the constant moves the logarithm of alpha by at most c * 1e-8 < 1e-7.
          CHECK(total(crossed.upper) + total(crossed.lower) == Approx(alpha).epsilon(1e-7));
        }
}

TEST_CASE("boundaries: sample sizes of designs with power .8 are the published ones", "[design]") {
  for (const int looks : {2, 3, 5, 10})
    for (const Boundary boundary : {Boundary::pocock, Boundary::obrien_fleming}) {
      const std::string name = boundary == Boundary::pocock ? "GS-POC-size-K" : "GS-OBF-size-K";
      const Reference known = reference(name + std::to_string(looks));
      const std::vector<double> fractions = equally_spaced(looks);
      const auto bounds = critical_values(boundary, fractions, 0.05, Alternative::two_sided);
      const double drift = drift_for_power(fractions, bounds, 0.8);
      const double fixed = drift_for_power({1.0}, {-math::normal_quantile(0.025)}, 0.8);
      const double inflation = drift * drift / (fixed * fixed);
      CAPTURE(looks);
      CHECK(std::fabs(inflation - known.value(0)) <= known.tol(0));
      CHECK(std::fabs(inflation * performance(fractions, bounds, 0.0).information - known.value(1)) <=
            known.tol(1));
      CHECK(std::fabs(inflation * performance(fractions, bounds, drift).information - known.value(2)) <=
            known.tol(2));
    }
}

TEST_CASE("boundaries: power and expected sample size of five Pocock looks are the published ones",
          "[design]") {
  const Reference known = reference("GS-P-pow");
  const double users = known.params.at("nMax").get<double>();
  const std::vector<double> fractions = equally_spaced(5);
  const auto bounds = critical_values(Boundary::pocock, fractions, 0.05, Alternative::two_sided);
  const std::size_t cases = known.params.at("theta").size();
  for (std::size_t i = 0; i < cases; ++i) {
    const double drift = known.params.at("theta").at(i).get<double>() * std::sqrt(users);
    const Performance at_drift = performance(fractions, bounds, drift);
    CAPTURE(drift);
    CHECK(std::fabs(at_drift.power - known.value(i)) <= known.tol(i));
    CHECK(std::fabs(at_drift.information * users - known.value(cases + i)) <= known.tol(cases + i));
  }
}

TEST_CASE("boundaries: fourteen looks have the known power and stopping time", "[design]") {
  const Reference known = reference("GS-14-const");
  const double drift = known.params.at("drift").get<double>();
  const std::vector<double> fractions = equally_spaced(14);
  const std::vector<std::vector<double>> designs{
      std::vector<double>(14, -math::normal_quantile(0.025)),
      critical_values(Boundary::pocock, fractions, 0.05, Alternative::two_sided),
      critical_values(Boundary::obrien_fleming, fractions, 0.05, Alternative::two_sided)};
  // Four designs, of which the last spends alpha by a function; first their powers, then their times.
  for (std::size_t i = 0; i < designs.size(); ++i) {
    const Performance at_drift = performance(fractions, designs[i], drift);
    CAPTURE(i);
    CHECK(std::fabs(at_drift.upper - known.value(i)) <= known.tol(i));
    CHECK(std::fabs(at_drift.information - known.value(4 + i)) <= known.tol(4 + i));
  }
}

TEST_CASE("boundaries: early stopping overstates the estimate as published", "[design]") {
  const Reference known = reference("GS-MLE-bias");
  const std::vector<double> fractions = equally_spaced(5);
  std::size_t i = 0;
  for (const Boundary boundary : {Boundary::pocock, Boundary::obrien_fleming}) {
    const auto bounds = critical_values(boundary, fractions, 0.05, Alternative::two_sided);
    for (const auto& drift : known.params.at("drift")) {
      CAPTURE(i);
      CHECK(std::fabs(bias_of_estimate(fractions, bounds, drift.get<double>()) - known.value(i)) <=
            known.tol(i));
      ++i;
    }
  }
}

}  // namespace
}  // namespace windtunnel

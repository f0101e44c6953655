#include <cmath>
#include <numeric>
#include <string>

#include "support/catch.hpp"
#include "support/references.hpp"
#include "windtunnel/core/math.hpp"
#include "windtunnel/design/boundaries.hpp"

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
  // Central differences of order 4: with h = .01 and fifth derivatives of order 1 the error is below 4e-10.
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

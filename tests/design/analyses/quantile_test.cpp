#include "windtunnel/design/analyses/quantile.hpp"

#include <algorithm>
#include <cmath>

#include "design/analyses/values_lab.hpp"
#include "support/catch.hpp"
#include "support/chi_square.hpp"

namespace windtunnel {
namespace {

/// Value and variance of a sample quantile, as the formula is written.
std::pair<double, double> slow_quantile(std::vector<double> users, double p) {
  if (users.empty()) return {0, 0};
  std::sort(users.begin(), users.end());
  const auto n = static_cast<double>(users.size());
  const auto at = [&](double rank) { return users[static_cast<std::size_t>(rank) - 1]; };
  const double s = std::sqrt(n * p * (1 - p)), low = std::ceil(n * p - 1.959964 * s),
               high = std::ceil(n * p + 1.959964 * s);
  const double value = at(std::max(1.0, std::ceil(n * p - 1e-9)));
  if (low < 1 || high > n) return {value, 0};
  const double error = (at(high) - at(low)) * s / (high - low);
  return {value, error * error};
}

TEST_CASE("quantile: weighs as its formula says, with ties, zeros and empty arms", "[analyses]") {
  unsigned seed = 0;
  for (const auto draw : {lumpy, smooth})
    for (const double p : {0.5, 0.1, 0.9})
      for (const double direction : {1.0, -1.0}) {
        const Setting setting = make_setting(3, kAllChannels, {1000}, direction);
        const std::vector<Values> lanes = made_up(200, 3, 90, ++seed, draw);
        const Evidence evidence = weighed(Quantile(p), setting, observed_of(lanes));
        int with_evidence = 0;
        for (int l = 0; l < 200; ++l)
          for (int h = 0; h < 2; ++h) {
            const Values& arms = lanes[static_cast<std::size_t>(l)];
            const auto& treatment = arms[static_cast<std::size_t>(h + 1)];
            const auto [q0, v0] = slow_quantile(arms[0], p);
            const auto [q1, v1] = slow_quantile(treatment, p);
            const bool has_users = !arms[0].empty() && !treatment.empty();
            CHECK(evidence.excess.row(h)[l] == (has_users ? direction * (q1 - q0) : 0));
            CHECK(evidence.variance.row(h)[l] == Approx(v0 > 0 && v1 > 0 ? v0 + v1 : 0).epsilon(1e-12));
            with_evidence += evidence.variance.row(h)[l] > 0 ? 1 : 0;
          }
        CHECK(with_evidence > 50);
      }
}

TEST_CASE("quantile: counts of 0 and 1 say what the users themselves say", "[analyses]") {
  const std::vector<Values> lanes = made_up(300, 2, 60, 5, zero_or_one);
  for (const double p : {0.5, 0.66, 0.7}) {
    const Evidence one_by_one = weighed(Quantile(p), make_setting(2, kAllChannels, {90}), observed_of(lanes));
    const Evidence counts = weighed(Quantile(p), make_setting(2, kBinaryChannels, {90}), counted(lanes));
    for (int l = 0; l < 300; ++l) {
      CHECK(counts.excess.row(0)[l] == one_by_one.excess.row(0)[l]);
      CHECK(counts.variance.row(0)[l] == Approx(one_by_one.variance.row(0)[l]).margin(1e-15));
    }
  }
}

TEST_CASE("quantile: an arm needs the users its interval takes", "[analyses]") {
  const auto has_evidence = [](double p, std::size_t users) {
    Values arms(2);
    for (auto& arm : arms)
      for (std::size_t i = 0; i < users; ++i) arm.push_back(1 + static_cast<double>(i));
    const Evidence evidence = weighed(Quantile(p), make_setting(2, kAllChannels, {90}), observed_of({arms}));
    return evidence.variance.row(0)[0] > 0;
  };
  CHECK(has_evidence(0.5, 4));
  CHECK_FALSE(has_evidence(0.5, 3));
  CHECK(has_evidence(0.99, 381));
  CHECK_FALSE(has_evidence(0.99, 380));
}

/// Arms of `users` users drawn from a law whose p-quantile has the density `density`: the variance of a
/// sample quantile tends to p (1 - p) / (n density^2).
void check_variance_and_size(double p, int users, double density, double largest_bias,
                             const std::function<double(std::mt19937_64&)>& draw) {
  const int lanes = static_cast<int>(test_draws(1000));
  std::mt19937_64 engine(7);
  std::vector<Values> all(static_cast<std::size_t>(lanes), Values(2));
  for (Values& lane : all)
    for (auto& arm : lane)
      for (int i = 0; i < users; ++i) arm.push_back(draw(engine));
  const Evidence evidence = weighed(Quantile(p), make_setting(2, kAllChannels, {90}), observed_of(all));
  const double expected = 2 * p * (1 - p) / (users * density * density);
  double mean = 0, square = 0, rejections = 0, excess_square = 0;
  for (int l = 0; l < lanes; ++l) {
    const double variance = evidence.variance.row(0)[l], excess = evidence.excess.row(0)[l];
    mean += variance / lanes;
    square += variance * variance / lanes;
    excess_square += excess * excess / lanes;
    rejections += excess * excess >= 1.959964 * 1.959964 * variance ? 1.0 / lanes : 0;
  }
  const double error = std::sqrt((square - mean * mean) / lanes);
  CAPTURE(p, users, mean / expected, excess_square / expected, rejections);
  // Finite samples are off: the square of a width of u - l spacings has 1 + 1/(u - l) times the mean it has
  // without their noise, and the quantile function is curved, for the upper tail of the exponential law by
  // (atanh(x)/x)^2, x = 1.96 sqrt(p / (n (1 - p))): together 5 % at p = .9 and n = 1,000, 15 % at .99 and
  // 4,000.
  CHECK(std::fabs(mean - expected) <= largest_bias * expected + 4 * error);
  CHECK(std::fabs(excess_square - expected) <=
        largest_bias * expected + 4 * expected * std::sqrt(2.0 / lanes));
  // An error that is itself estimated from about 2 z s order statistics per arm has so many degrees of
  // freedom, nu: P(|t_nu| > 1.96) is .05 + .284/nu or so, below .065 for nu >= 20.
  CHECK(std::fabs(rejections - 0.055) <= 0.01 + 4 * std::sqrt(0.05 * 0.95 / lanes));
}

TEST_CASE("quantile: its error is that of the asymptotic law, and its size near the level", "[analyses]") {
  const auto normal = [](std::mt19937_64& engine) { return std::normal_distribution<>()(engine); };
  check_variance_and_size(0.5, 1000, 0.3989423, 0.03, normal);
  check_variance_and_size(0.9, 2000, 0.1754983, 0.04, normal);  // at 1.281552
  const auto exponential = [](std::mt19937_64& engine) { return std::exponential_distribution<>()(engine); };
  check_variance_and_size(0.9, 1000, 0.1, 0.06, exponential);
  check_variance_and_size(0.99, 4000, 0.01, 0.16, exponential);
  // Half of the users nothing: the .9-quantile of all is the .8-quantile of the others, of half the density.
  const auto payers = [](std::mt19937_64& engine) {
    const bool pays = engine() % 2 == 0;
    const double amount = std::exponential_distribution<>()(engine);
    return pays ? amount : 0.0;
  };
  check_variance_and_size(0.9, 1500, 0.1, 0.06, payers);
}

TEST_CASE("quantile: its p lies inside 0 and 1", "[analyses]") {
  CHECK(with_parameters<Quantile>(R"({"p": 0.99})").estimand() == Estimand{Estimand::Kind::quantiles, 0.99});
  CHECK(with_parameters<Quantile>("{}").estimand() == Estimand{Estimand::Kind::quantiles, 0.5});
  CHECK_THROWS(with_parameters<Quantile>(R"({"p": 1})"));
}

}  // namespace
}  // namespace windtunnel

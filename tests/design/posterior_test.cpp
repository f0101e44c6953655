#include "windtunnel/design/posterior.hpp"

#include <array>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

#include "design/best_integral.hpp"
#include "design/smooth_laws.hpp"
#include "support/catch.hpp"
#include "support/plain_best.hpp"
#include "support/references.hpp"
#include "windtunnel/core/math.hpp"

namespace windtunnel {
namespace {

BetaPosterior after_flat_prior(double successes, double users) {
  return {successes + 1.0, users - successes + 1.0};
}

/// P(treatment > control) by the quadrature over all arms, which shares no code with the sum.
double better_by_quadrature(BetaPosterior treatment, BetaPosterior control) {
  const std::array<BetaPosterior, 2> arms{control, treatment};
  std::array<double, 2> best;
  probability_best(arms, best);
  return best[1];
}

TEST_CASE("posterior: the published comparisons of two arms", "[design]") {
  const Reference known = reference("BAY-unit");
  const std::array<BetaPosterior, 4> controls{after_flat_prior(50, 1000), after_flat_prior(500, 10000),
                                              after_flat_prior(5, 100), after_flat_prior(0, 10)};
  const std::array<BetaPosterior, 4> treatments{after_flat_prior(65, 1000), after_flat_prior(550, 10000),
                                                after_flat_prior(8, 100), after_flat_prior(1, 10)};
  for (std::size_t i = 0; i < controls.size(); ++i) {
    CAPTURE(i);
    CHECK(std::fabs(probability_better(treatments[i], controls[i]) - known.value(i)) <= known.tol(i));
    CHECK(std::fabs(better_by_quadrature(treatments[i], controls[i]) - known.value(i)) <= known.tol(i));
  }
}

TEST_CASE("posterior: cases with a closed form", "[design]") {
  // Beta(a, 1) is a power of a uniform: P(X > Y) = a_X / (a_X + a_Y).
  for (const double a : {0.001, 0.5, 1.0, 2.5, 1000.0, 1e6}) {
    CAPTURE(a);
    CHECK(std::fabs(probability_better(BetaPosterior{a, 1.0}, BetaPosterior{3.0, 1.0}) - a / (a + 3.0)) <
          1e-12);
    CHECK(std::fabs(better_by_quadrature({a, 1.0}, {3.5, 1.0}) - a / (a + 3.5)) < 1e-12);
    CHECK(std::fabs(better_by_quadrature({1.0, a}, {1.0, 3.5}) - 3.5 / (a + 3.5)) < 1e-12);
  }
}

TEST_CASE("posterior: sum and quadrature agree from tiny to huge counts", "[design]") {
  // 5e-12 each: half of the promised error.
  const std::vector<std::array<double, 4>> cases{{2, 10, 1, 11},
                                                 {1e-3, 5, 2e-3, 1e-3},
                                                 {3000, 1e7, 3100, 1e7},
                                                 {5, 1e7, 7, 1e7},
                                                 {1, 1e8, 1, 1e8},
                                                 {10, 1, 1e7, 3e6},
                                                 {1000, 1e-6, 3, 2},
                                                 {4000, 4000, 4080, 4000},
                                                 {4000, 4e5, 4100, 4e5},
                                                 {700, 13300, 740, 13260},
                                                 {1, 1, 1e6, 1e6},
                                                 {1e-6, 1000, 1e-6, 500},
                                                 {4000, 1e7, 4100, 1.02e7},
                                                 {0.5, 12, 3, 1e4}};
  for (const auto& [a1, b1, a0, b0] : cases) {
    CAPTURE(a1, b1, a0, b0);
    CHECK(std::fabs(probability_better(BetaPosterior{a1, b1}, BetaPosterior{a0, b0}) -
                    better_by_quadrature({a1, b1}, {a0, b0})) < 1e-11);
  }
}

TEST_CASE("posterior: fractional parameters agree with high-precision quadrature", "[design]") {
  // Nested Gauss-Legendre quadrature with 30 digits; 1e-12 is a tenth of the promised error.
  CHECK(std::fabs(probability_better(BetaPosterior{3000.5, 1e7}, BetaPosterior{3100.5, 1e7}) -
                  0.100240081398702) < 1e-12);
  CHECK(std::fabs(probability_better(BetaPosterior{5.5, 1e7}, BetaPosterior{7.25, 1e7}) -
                  0.3059335116265594) < 1e-12);
  CHECK(std::fabs(probability_better(BetaPosterior{550.75, 9451.5}, BetaPosterior{500.5, 9500.25}) -
                  0.9441533822602265) < 1e-12);
  CHECK(std::fabs(probability_better(BetaPosterior{0.25, 900.0}, BetaPosterior{0.125, 1000.5}) -
                  0.6793915641915936) < 1e-12);
}

TEST_CASE("posterior: exchanging the arms and mirroring the outcome complement and keep", "[design]") {
  for (const auto& [a1, b1, a0, b0] : std::vector<std::array<double, 4>>{
           {51, 951, 66, 936}, {0.5, 3.25, 7.5, 11}, {1e7, 2e7, 1.0001e7, 2e7}, {9e6 + 0.5, 1e5, 9e6, 1e5}}) {
    const double better = probability_better(BetaPosterior{a1, b1}, BetaPosterior{a0, b0});
    CAPTURE(a1, b1, a0, b0);
    CHECK(std::fabs(better + probability_better(BetaPosterior{a0, b0}, BetaPosterior{a1, b1}) - 1.0) < 2e-11);
    CHECK(std::fabs(better - probability_better(BetaPosterior{b0, a0}, BetaPosterior{b1, a1})) < 2e-11);
    CHECK(std::fabs(probability_better(BetaPosterior{a1, b1}, BetaPosterior{a1, b1}) - 0.5) < 1e-11);
  }
}

TEST_CASE("posterior: large counts approach the normal law", "[design]") {
  // Two arms of 1e7 users at 5 %, z = 1.03. The skewness of each arm, 1 / sqrt(n p) = 1.4e-3, cancels in
  // their difference; what remains is of the order of the excess kurtosis, 1 / (n p) = 2e-6.
  const double users = 1e7;
  const BetaPosterior control = after_flat_prior(0.05 * users, users);
  const BetaPosterior treatment = after_flat_prior(0.05 * users + 1000.0, users);
  const auto mean = [](BetaPosterior arm) { return arm.a / (arm.a + arm.b); };
  const auto variance = [&](BetaPosterior arm) {
    return mean(arm) * (1.0 - mean(arm)) / (arm.a + arm.b + 1.0);
  };
  const double z = (mean(treatment) - mean(control)) / std::sqrt(variance(treatment) + variance(control));
  CHECK(std::fabs(probability_better(treatment, control) - math::normal_cdf(z)) < 2e-6);
}

TEST_CASE("posterior: three arms agree with high-precision quadrature", "[design]") {
  std::array<double, 3> best;
  probability_best(std::array<BetaPosterior, 3>{{{1.5, 2.25}, {3.75, 1.125}, {2.5, 2.5}}}, best);
  CHECK(std::fabs(best[0] - 0.08232768492887942) < 1e-12);
  CHECK(std::fabs(best[1] - 0.7793351826479317) < 1e-12);
  CHECK(std::fabs(best[2] - 0.1383371324231888) < 1e-12);
  probability_best(std::array<BetaPosterior, 3>{{{51.5, 951}, {66.5, 936}, {60.25, 941.5}}}, best);
  CHECK(std::fabs(best[0] - 0.04190536788299545) < 1e-12);
  CHECK(std::fabs(best[1] - 0.689197934079166) < 1e-12);
  CHECK(std::fabs(best[2] - 0.2688966980378385) < 1e-12);
}

TEST_CASE("posterior: somebody is best and equal arms are equally likely", "[design]") {
  for (const std::size_t arms : {1U, 2U, 5U, 30U, 1000U}) {
    std::vector<BetaPosterior> alike(arms, BetaPosterior{51.0, 951.5});
    std::vector<BetaPosterior> different;
    for (std::size_t k = 0; k < arms; ++k)
      different.push_back(
          {20.0 + static_cast<double>(k % 17), std::pow(10.0, 1.0 + static_cast<double>(k % 5))});
    std::vector<double> best(arms);
    CAPTURE(arms);
    probability_best(alike, best);
    // 1e-11 each.
    for (const double one : {best.front(), best.back()})
      CHECK(std::fabs(one - 1.0 / static_cast<double>(arms)) < 1e-11);
    probability_best(different, best);
    CHECK(std::fabs(std::accumulate(best.begin(), best.end(), 0.0) - 1.0) <
          1e-11 * static_cast<double>(arms));
  }
}

TEST_CASE("posterior: the order of the arms does not matter", "[design]") {
  const std::array<BetaPosterior, 3> arms{{{0.5, 40}, {3, 60}, {1e6, 3e7}}};
  const std::array<BetaPosterior, 3> reversed{arms[2], arms[1], arms[0]};
  std::array<double, 3> best;
  std::array<double, 3> reversed_best;
  probability_best(arms, best);
  probability_best(reversed, reversed_best);
  for (std::size_t i = 0; i < 3; ++i) CHECK(std::fabs(best[i] - reversed_best[2 - i]) < 1e-13);
}

TEST_CASE("posterior: normal beliefs", "[design]") {
  CHECK(std::fabs(probability_better(NormalPosterior{1.0, 3.0}, NormalPosterior{0.0, 4.0}) -
                  math::normal_cdf(0.2)) < 1e-15);
  std::array<double, 2> two;
  probability_best(std::array<NormalPosterior, 2>{{{0.0, 4.0}, {1.0, 3.0}}}, two);
  CHECK(std::fabs(two[1] - math::normal_cdf(0.2)) < 1e-12);
  // Arms of very different precision: the second is almost a constant 1.5, the third far below.
  std::array<double, 3> three;
  probability_best(std::array<NormalPosterior, 3>{{{0.0, 1.0}, {1.5, 1e-7}, {-1e6, 1.0}}}, three);
  CHECK(std::fabs(three[0] - math::normal_upper(1.5)) < 1e-11);
  CHECK(std::fabs(three[1] - math::normal_cdf(1.5)) < 1e-11);
  CHECK(three[2] == 0.0);
  // The leader is wide; what is narrow lies in its range or just below it.
  const std::array<NormalPosterior, 3> mixed{{{0.0, 1.0}, {-0.5, 1e-7}, {-5.0, 1e-6}}};
  probability_best(mixed, three);
  CHECK(std::fabs(three[0] - math::normal_upper(-0.5)) < 1e-11);
  CHECK(std::fabs(three[1] - math::normal_cdf(-0.5)) < 1e-11);
  CHECK(three[2] < 1e-11);
  // Three equal arms and one that is certainly worse.
  std::array<double, 4> four;
  probability_best(std::array<NormalPosterior, 4>{{{5.0, 0.1}, {5.0, 0.1}, {-5.0, 0.2}, {5.0, 0.1}}}, four);
  for (const std::size_t i : {0U, 1U, 3U}) CHECK(std::fabs(four[i] - 1.0 / 3.0) < 1e-12);
}

/// Users and successes of arms that differ in both, from equal rates to leads beyond doubt.
template <class Make>
auto some_arms(std::mt19937_64& dice, std::size_t arms, double users, double gap, Make make) {
  std::uniform_real_distribution<double> uniform;
  std::vector<decltype(make(1.0, 1.0))> posteriors;
  const double base = std::exp(-4 * uniform(dice));
  for (std::size_t k = 0; k < arms; ++k) {
    const double n = std::floor(users * std::exp(-3 * uniform(dice)));
    const double rate = std::min(0.95, base * (1 + gap * uniform(dice)));
    posteriors.push_back(make(n, std::binomial_distribution<i64>(static_cast<i64>(n), rate)(dice)));
  }
  return posteriors;
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::fabs(a[i] - b[i]));
  return largest;
}

TEST_CASE("posterior: few panels where it matters agree with many panels everywhere", "[design]") {
  std::mt19937_64 dice(1);
  for (const std::size_t arms : {2U, 3U, 5U, 10U, 40U})
    for (const double users : {0.0, 5.0, 50.0, 1000.0, 1e5, 1e7})
      for (const double gap : {0.0, 0.01, 0.3, 3.0})
        for (int i = 0; i < (kSanitized ? 1 : 5); ++i) {
          CAPTURE(arms, users, gap, i);
          std::vector<double> best(arms), expected(arms);
          const auto betas = some_arms(dice, arms, users, gap, [](double n, auto wins) {
            return BetaPosterior{static_cast<double>(wins) + 1.0, n - static_cast<double>(wins) + 1.0};
          });
          probability_best(betas, best);
          plain_probability_best(betas, expected);
          CHECK(largest_difference(best, expected) < 2e-11);
          for (const double direction : {-1.0, 1.0}) {
            const auto gammas = some_arms(dice, arms, std::min(users, 1e6), gap, [](double n, auto sum) {
              return GammaPosterior{static_cast<double>(sum) + 0.5, n + 0.25};
            });
            probability_best(gammas, direction, best);
            plain_probability_best(gammas, direction, expected);
            CHECK(largest_difference(best, expected) < 2e-11);
          }
          const auto normals = some_arms(dice, arms, users, gap, [](double n, auto sum) {
            return NormalPosterior{static_cast<double>(sum) / (n + 1), 1 / std::sqrt(n + 1)};
          });
          probability_best(normals, best);
          plain_probability_best(normals, expected);
          CHECK(largest_difference(best, expected) < 2e-11);
        }
}

long double log_beta(long double a, long double b) {
  return std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b);
}

/// log P(treatment > control) for whole parameters: the sum of posterior.cpp, term by term.
long double log_better(BetaPosterior treatment, BetaPosterior control) {
  std::vector<long double> terms;
  for (int i = 0; i < static_cast<int>(treatment.a); ++i)
    terms.push_back(log_beta(control.a + i, treatment.b + control.b) - std::log(treatment.b + i) -
                    log_beta(1 + i, treatment.b) - log_beta(control.a, control.b));
  const long double most = *std::max_element(terms.begin(), terms.end());
  long double sum = 0;
  for (const long double term : terms) sum += std::exp(term - most);
  return most + std::log(sum);
}

/// Both others at once above the leader add nothing to what is compared.
TEST_CASE("posterior: arms that are hopelessly behind are known among each other", "[design]") {
  struct Case {
    double users, apart, tolerance;
  };
  for (const auto& [users, apart, tolerance] :
       {Case{3000, 0.1, 1e-7}, Case{3000, 0.2, 1e-7}, Case{1e4, 0.15, 1e-7}, Case{1e4, 0.25, 2e-3},
        Case{1e4, 0.29, 2e-3}}) {
    CAPTURE(users, apart);
    const BetaPosterior leader = after_flat_prior(std::round(0.3 * users), users);
    const std::array<BetaPosterior, 2> others{
        after_flat_prior(std::round((0.3 - apart) * users), users),
        after_flat_prior(std::round((0.3 - 1.03 * apart) * 0.9 * users), 0.9 * users)};
    BestIntegral<smooth_laws::LogOdds> integral;
    integral.begin(3);
    integral.set(0, smooth_laws::LogOdds(others[0]));
    integral.set(1, smooth_laws::LogOdds(leader));
    integral.set(2, smooth_laws::LogOdds(others[1]));
    std::array<double, 3> shares;
    const BestShares found = integral.find(shares);
    const long double first = log_better(others[0], leader), second = log_better(others[1], leader);
    CAPTURE(first, second);
    CHECK(found.leader == 1);
    if (first > -600) {
      const double ratio = found.rest / static_cast<double>(std::exp(first) + std::exp(second));
      CHECK(ratio == Approx(1).epsilon(tolerance));
    }
    CHECK(shares[1] == 0);
    CHECK(shares[0] + shares[2] == Approx(1).epsilon(1e-14));
    const double share = static_cast<double>(1 / (1 + std::exp(first - second)));
    CHECK(shares[2] == Approx(share).margin(tolerance).epsilon(0));
  }
}

}  // namespace
}  // namespace windtunnel

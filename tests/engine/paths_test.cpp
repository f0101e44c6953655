#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include "support/catch.hpp"
#include "support/chi_square.hpp"
#include "support/rehearsal.hpp"
#include "support/same_law.hpp"
#include "support/scenario_text.hpp"

/// Increments between looks and users one by one are two ways to draw from one law.
namespace windtunnel {
namespace {

/// Totals of every arm when strategy 0 looks for the last time, replication by replication.
class FinalTotals final : public Recorder {
 public:
  explicit FinalTotals(int last_look) : last_look_(last_look) {}

  void looked(int strategy, int k, const Observed& observed, const Evidence&, const Calls&) override {
    if (strategy != 0 || k != last_look_) return;
    for (int a = 0; a < observed.arms; ++a)
      for (int l = 0; l < observed.lanes; ++l) {
        arm.push_back(a);
        users.push_back(observed.users.row(a)[l]);
        if (observed.successes.rows() > 0) successes.push_back(observed.successes.row(a)[l]);
        if (observed.sum.rows() > 0) sum.push_back(observed.sum.row(a)[l]);
        if (observed.deviations.rows() > 0) deviations.push_back(observed.deviations.row(a)[l]);
      }
  }
  void ended(i64, std::span<const Endings* const>, const Truth&) override {}

  std::vector<i32> arm, users, successes;
  std::vector<double> sum, deviations;

 private:
  int last_look_;
};

FinalTotals final_totals(const std::string& text, Path path, int last_look) {
  const Scenario scenario = read_scenario(text, "test", registry());
  const Study study = compile(scenario, registry(), {.path = path});
  FinalTotals totals(last_look);
  Tally tally = study.experiments.back()->empty_tally();
  study.experiments.back()->run({0, scenario.replications}, tally, &totals);
  return totals;
}

void check_both_paths(const ScenarioText& scenario) {
  const Rehearsal increments = rehearse(scenario.text(), {.path = Path::increments});
  const Rehearsal users = rehearse(scenario.text(), {.path = Path::users});
  CHECK_FALSE(increments.progress.tallies == users.progress.tallies);
  check_same_law(increments.result, users.result);
}

constexpr const char* kTwoStrategies =
    R"("peeking": {"rule": "naive_peeking"POLICY}, "msprt": {"rule": "msprt", "mixing_sd": {"absolute": 0.2}POLICY})";

std::string with_policy(const std::string& policy) {
  std::string text = kTwoStrategies;
  for (std::size_t at = text.find("POLICY"); at != std::string::npos; at = text.find("POLICY"))
    text.replace(at, 6, policy);
  return text;
}

const std::string kCoin =
    R"(, "policy": {"type": "fixed_split", "shares": [1, 2], "assignment": "bernoulli"})";

TEST_CASE("paths: increments and users one by one share every measure", "[engine]") {
  ScenarioText scenario;
  scenario.replications = comparable(15'000);
  scenario.users = 150;
  scenario.looks = R"({"every_users": 40})";
  const char* outcome = GENERATE(R"("bernoulli", "rate": 0.3)", R"("normal", "mean": 1, "sd": 0.8)",
                                 R"("bernoulli", "rate": {"type": "beta", "a": 3, "b": 6, "max": 0.8})",
                                 R"("normal", "sd": 1, "mean": {"type": "normal", "mean": 0, "sd": 2})");
  const bool coin = GENERATE(false, true);
  CAPTURE(outcome, coin);
  scenario.outcome = outcome;
  scenario.effect = R"({"absolute": 0.2})";
  scenario.strategies = with_policy(coin ? kCoin : "");
  check_both_paths(scenario);
}

TEST_CASE("paths: drawn lifts of three arms share every measure", "[engine]") {
  ScenarioText scenario;
  scenario.replications = comparable(15'000);
  scenario.users = 150;
  scenario.arms = "3";
  scenario.outcome = R"("bernoulli", "rate": 0.3)";
  scenario.effect = R"({"relative": {"type": "normal", "mean": 0.2, "sd": 0.3, "min": -0.9, "max": 2}})";
  scenario.looks = R"({"every_users": 50})";
  scenario.strategies = with_policy("");
  check_both_paths(scenario);
}

/// A strategy that never stops early, so that all its replications have their final totals.
ScenarioText patient(const std::string& outcome, const std::string& policy = "") {
  ScenarioText scenario;
  scenario.replications = test_draws(100'000);
  scenario.users = 120;
  scenario.outcome = outcome;
  scenario.looks = R"({"every_users": 30})";
  scenario.strategies =
      R"("patient": {"rule": "naive_peeking", "test": "z_pooled", "alpha": 1e-300)" + policy + "}";
  return scenario;
}

TEST_CASE("paths: successes at the end are binomial on both", "[engine]") {
  const Path path = GENERATE(Path::increments, Path::users);
  const FinalTotals totals = final_totals(patient(R"("bernoulli", "rate": 0.35)").text(), path, 3);
  constexpr int kUsers = 60;
  std::vector<double> law(kUsers + 1);
  for (int s = 0; s <= kUsers; ++s)
    law[static_cast<std::size_t>(s)] =
        std::exp(std::lgamma(kUsers + 1.0) - std::lgamma(s + 1.0) - std::lgamma(kUsers - s + 1.0) +
                 s * std::log(0.35) + (kUsers - s) * std::log(0.65));
  std::vector<i64> observed(kUsers + 1, 0);
  for (i32 s : totals.successes) ++observed[static_cast<std::size_t>(s)];
  CHECK(std::fabs(chi_square(observed, law, static_cast<i64>(totals.successes.size())).standardised()) < 4);
}

/// Chi-square of the probability integral transforms in 50 cells.
double uniformity(const std::vector<double>& transforms) {
  std::vector<i64> cells(50, 0);
  for (double u : transforms) ++cells[static_cast<std::size_t>(std::min(49.0, u * 50))];
  return std::fabs(chi_square_uniform(cells, static_cast<i64>(transforms.size())).standardised());
}

TEST_CASE("paths: sums are normal and squared deviations chi-square on both", "[engine]") {
  const Path path = GENERATE(Path::increments, Path::users);
  const bool coin = GENERATE(false, true);
  CAPTURE(coin);
  const FinalTotals totals =
      final_totals(patient(R"("normal", "mean": 3, "sd": 2)", coin ? kCoin : "").text(), path, 3);
  std::vector<double> sums, squares;
  for (std::size_t i = 0; i < totals.sum.size(); ++i) {
    const double n = totals.users[i];
    sums.push_back(boost::math::cdf(boost::math::normal(3 * n, 2 * std::sqrt(n)), totals.sum[i]));
    squares.push_back(boost::math::cdf(boost::math::chi_squared(n - 1), totals.deviations[i] / 4));
  }
  CHECK(uniformity(sums) < 4);
  CHECK(uniformity(squares) < 4);
}

TEST_CASE("paths: coins are binomial on both", "[engine]") {
  const Path path = GENERATE(Path::increments, Path::users);
  const FinalTotals totals = final_totals(patient(R"("bernoulli", "rate": 0.35)", kCoin).text(), path, 3);
  double sum = 0, squares = 0,
         count = 0;  // of control's share of 120 users: mean 40, variance 120 * 1/3 * 2/3
  for (std::size_t i = 0; i < totals.users.size(); ++i) {
    if (totals.arm[i] != 0) continue;
    sum += totals.users[i] - 40.0;
    squares += (totals.users[i] - 40.0) * (totals.users[i] - 40.0);
    count += 1;
  }
  const double variance = 120.0 * 2 / 9;
  CHECK(std::fabs(sum / count) <= 4 * std::sqrt(variance / count));
  CHECK(std::fabs(squares / count - variance) <= 4 * variance * std::sqrt(2 / count));
}

/// Totals of control after a step of 20 users with mean 1, one of 40 with mean 3 and one of 40 with mean 1.
std::pair<std::vector<double>, std::vector<double>> drifting_totals(Path path, int lanes) {
  const Scenario scenario =
      read_scenario(patient(R"("normal", "mean": 1, "sd": 1.5)").text(), "test", registry());
  const World world(scenario.grid[0].world, 7, World::Twin::none);
  const Timeline timeline({40, 80, 120, 200}, {0, 40, 120}, 200);
  const Channels wanted{Channel::users, Channel::sum, Channel::deviations};
  const auto plan = world.plan(timeline, wanted, path, nullptr);
  Truth truth;
  truth.arms = 2;
  truth.epochs = 3;
  truth.lanes = lanes;
  truth.mean.assign(6, 1, 1.0);
  truth.mean.row(truth.row(1, 0))[0] = 3;
  Observed observed;
  observed.begin(2, lanes, wanted);
  const auto stream = plan->open(0, truth);
  for (const Step& step : timeline.steps()) {
    const Allocation half{Allocation::Kind::shared, {step.users() / 2, step.users() / 2}, {}, {}};
    stream->advance(step, half, observed);
  }
  return {{observed.sum.row(0), observed.sum.row(0) + lanes},
          {observed.deviations.row(0), observed.deviations.row(0) + lanes}};
}

/// Mean and variance with their standard errors' material.
struct Moments4 {
  double mean = 0, variance = 0, fourth = 0, n = 0;

  explicit Moments4(const std::vector<double>& x) : n(static_cast<double>(x.size())) {
    for (double v : x) mean += v / n;
    for (double v : x) variance += (v - mean) * (v - mean) / n;
    for (double v : x) fourth += std::pow(v - mean, 4) / n;
  }
  double error_of_variance() const { return std::sqrt((fourth - variance * variance) / n); }
};

TEST_CASE("paths: drifting means are combined correctly", "[engine]") {
  // 20 users of mean 1, 40 of mean 3, 40 of mean 1 in one arm: sum 60 + 120, variance 100 sd^2. Squared
  // deviations are sd^2 noncentral chi-square(99) with l = sum n_i (m_i - m)^2 / sd^2, m = 1.8:
  // mean sd^2 (99 + l), variance sd^4 (2 * 99 + 4 l).
  const int lanes = static_cast<int>(test_draws(100'000));
  const double variance = 2.25, spread = 60 * 0.8 * 0.8 + 40 * 1.2 * 1.2, l = spread / variance;
  const auto increments = drifting_totals(Path::increments, lanes);
  const auto users = drifting_totals(Path::users, lanes);
  for (const auto* totals : {&increments, &users}) {
    const Moments4 sum(totals->first), squares(totals->second);
    CHECK(std::fabs(sum.mean - 180) <= 4 * std::sqrt(100 * variance / lanes));
    CHECK(std::fabs(sum.variance - 100 * variance) <= 4 * sum.error_of_variance());
    CHECK(std::fabs(squares.mean - variance * (99 + l)) <= 4 * std::sqrt(squares.variance / lanes));
    CHECK(std::fabs(squares.variance - variance * variance * (198 + 4 * l)) <=
          4 * squares.error_of_variance());
  }
  // Two samples in 40 cells of the pooled order: X2 = sum (a - b)^2 / (a + b) with 39 degrees of freedom.
  std::vector<std::pair<double, int>> all;
  for (double x : increments.second) all.emplace_back(x, 0);
  for (double x : users.second) all.emplace_back(x, 1);
  std::sort(all.begin(), all.end());
  ChiSquare test{0, 39};
  const std::size_t cell = all.size() / 40;
  for (std::size_t c = 0; c < 40; ++c) {
    double difference = 0;
    for (std::size_t i = c * cell; i < (c + 1) * cell; ++i) difference += all[i].second == 0 ? 1 : -1;
    test.statistic += difference * difference / static_cast<double>(cell);
  }
  CHECK(std::fabs(test.standardised()) < 4);
}

}  // namespace
}  // namespace windtunnel

#include "windtunnel/design/rules/probability_best.hpp"

#include <array>
#include <cmath>

#include "support/catch.hpp"
#include "support/design_lab.hpp"
#include "windtunnel/design/analyses/z_pooled.hpp"
#include "windtunnel/design/analyses/z_unpooled.hpp"
#include "windtunnel/design/posterior.hpp"
#include "windtunnel/design/shares.hpp"

namespace windtunnel {
namespace {

constexpr int kLanes = 400;

/// Calls of the rule on given data.
Calls judge(const ProbabilityBest& rule, const Setting& setting, const Observed& observed) {
  const auto plan = rule.plan(setting, Correction::none, Evidence::Law::normal);
  Evidence evidence = make_evidence(setting, Evidence::Law::normal, observed.lanes);
  if (setting.binary())
    ZPooled().open(setting)->weigh(observed, evidence);
  else
    ZUnpooled().open(setting)->weigh(observed, evidence);
  Calls calls(setting.hypotheses(), observed.lanes, 99);
  plan->open(observed.lanes)->look(0, evidence, observed, calls);
  return calls;
}

/// Index of the arm whose probability exceeds c, or -1.
template <class Posterior>
int best_arm(const std::vector<Posterior>& arms, double c) {
  std::vector<double> probability(arms.size());
  probability_best(arms, probability);
  for (std::size_t a = 0; a < arms.size(); ++a)
    if (probability[a] > c) return static_cast<int>(a);
  return -1;
}

i32 expected_call(int best, int hypothesis, bool two_sided) {
  if (best == hypothesis + 1) return kReject;
  return best == 0 && two_sided ? kRejectWorse : kGoOn;
}

/// Rates so close that every call comes.
Observed close_counts(const Setting& setting, bool as_planned, unsigned seed) {
  Dice dice(seed);
  Observed observed;
  observed.begin(setting.arms, kLanes, setting.offers);
  const std::vector<i64> planned = largest_remainder(setting.shares, setting.looks[0]);
  for (int a = 0; a < setting.arms; ++a)
    for (int l = 0; l < kLanes; ++l) {
      const i32 users =
          static_cast<i32>(planned[static_cast<std::size_t>(a)]) + (as_planned ? 0 : dice.below(5));
      observed.users.row(a)[l] = users;
      const double rate = 0.2 + 0.2 * (dice.uniform() - 0.5);
      observed.successes.row(a)[l] = static_cast<i32>(rate * users);
    }
  return observed;
}

void check_beta(int arms, double direction, bool two_sided, bool as_planned, double threshold) {
  const auto rule = with_parameters<ProbabilityBest>(
      R"({"threshold": )" + std::to_string(threshold) + R"(, "prior": {"type": "beta", "a": 2, "b": 7}, )" +
      R"("alternative": ")" + (two_sided ? "two_sided" : "one_sided") + "\"}");
  const Setting setting = make_setting(arms, kBinaryChannels, {i64{300} * arms}, direction);
  const Observed observed = close_counts(setting, as_planned, static_cast<unsigned>(arms));
  const Calls calls = judge(rule, setting, observed);
  int wrong = 0;
  std::array<int, 3> seen{};
  for (int l = 0; l < kLanes; ++l) {
    std::vector<BetaPosterior> posteriors;
    for (int a = 0; a < arms; ++a) {
      const double s = observed.successes.row(a)[l], f = observed.users.row(a)[l] - s;
      posteriors.push_back(direction > 0 ? BetaPosterior{2 + s, 7 + f} : BetaPosterior{7 + f, 2 + s});
    }
    const int best = best_arm(posteriors, threshold);
    for (int h = 0; h < arms - 1; ++h) {
      wrong += calls.row(h)[l] != expected_call(best, h, two_sided) ? 1 : 0;
      ++seen[static_cast<std::size_t>(expected_call(best, h, two_sided))];
    }
  }
  CHECK(wrong == 0);
  CHECK(seen[kReject] > 10);
  CHECK((seen[kRejectWorse] > 10) == two_sided);
  CHECK(seen[kGoOn] > 10);
}

TEST_CASE("probability_best: calls the arm whose exact probability exceeds the threshold", "[rules]") {
  for (int arms : {2, 3, 4})
    for (double direction : {1.0, -1.0})
      for (bool two_sided : {true, false})
        for (bool as_planned : {true, false})
          for (double threshold : {0.95, 0.6})
            if (!kSanitized || arms < 4 || (two_sided && as_planned))
              check_beta(arms, direction, two_sided, as_planned, threshold);
}

TEST_CASE("probability_best: normal posteriors", "[rules]") {
  constexpr double kPriorMean = 10, kPriorSd = 0.5;
  const auto rule =
      with_parameters<ProbabilityBest>(R"({"prior": {"type": "normal", "mean": 10, "sd": 0.5}})");
  for (int arms : {2, 3})
    for (double direction : {1.0, -1.0}) {
      const Setting setting = make_setting(arms, kContinuousChannels, {100}, direction);
      const Observed observed = random_totals(setting, 2000, 60, static_cast<unsigned>(arms));
      const Calls calls = judge(rule, setting, observed);
      int wrong = 0;
      std::array<int, 3> seen{};
      for (int l = 0; l < 2000; ++l) {
        std::vector<NormalPosterior> posteriors;
        bool known = true;
        for (int a = 0; a < arms; ++a) {
          const double n = observed.users.row(a)[l];
          const double s2 = observed.deviations.row(a)[l] / (n - 1) / n;
          known = known && s2 > 0;
          const double precision = 1 / (kPriorSd * kPriorSd) + 1 / s2;
          const double mean =
              (kPriorMean / (kPriorSd * kPriorSd) + observed.sum.row(a)[l] / n / s2) / precision;
          posteriors.push_back({direction * mean, std::sqrt(1 / precision)});
        }
        const int best = known ? best_arm(posteriors, 0.95) : -1;
        for (int h = 0; h < arms - 1; ++h) {
          wrong += calls.row(h)[l] != expected_call(best, h, true) ? 1 : 0;
          ++seen[static_cast<std::size_t>(expected_call(best, h, true))];
        }
      }
      CHECK(wrong == 0);
      CHECK(seen[kReject] > 10);
      CHECK(seen[kRejectWorse] > 10);
    }
}

TEST_CASE("probability_best: the interval is that of the posterior difference", "[rules]") {
  for (double direction : {1.0, -1.0}) {
    const Setting setting = make_setting(2, kBinaryChannels, {200}, direction);
    Observed observed;
    observed.begin(2, 2, kBinaryChannels);
    observed.users.row(0)[0] = observed.users.row(1)[0] = 100;
    observed.successes.row(0)[0] = 9;
    observed.successes.row(1)[0] = 19;
    Evidence evidence = make_evidence(setting, Evidence::Law::normal, 2);
    ZPooled().open(setting)->weigh(observed, evidence);
    const auto plan = ProbabilityBest().plan(setting, Correction::none, Evidence::Law::normal);
    const int ended[] = {0, 1};
    const i32 hypothesis[] = {0, 0};
    Table<double> estimates(3, 2);
    plan->open(2)->report(0, evidence, observed, EndedLanes(ended), hypothesis, estimates);
    // Beta(10, 92) and Beta(20, 82): mean a/n, variance ab / (n^2 (n + 1)) with n = 102.
    const double sd = std::sqrt((10.0 * 92 + 20.0 * 82) / (102.0 * 102 * 103));
    CHECK(estimates.row(0)[0] == Approx(0.1).epsilon(1e-13));
    CHECK(estimates.row(1)[0] == Approx(10.0 / 102 - 1.959963984540054 * sd).epsilon(1e-12));
    CHECK(estimates.row(2)[0] == Approx(10.0 / 102 + 1.959963984540054 * sd).epsilon(1e-12));
    CHECK(estimates.row(1)[1] > estimates.row(2)[1]);  // empty arms have no interval
  }
}

TEST_CASE("probability_best: refuses priors that do not fit the outcome", "[rules]") {
  const Setting binary = make_setting(2, kBinaryChannels, {100}),
                continuous = make_setting(2, kContinuousChannels, {100});
  const auto plan = [](const char* parameters, const Setting& setting) {
    return with_parameters<ProbabilityBest>(parameters)
        .plan(setting, Correction::none, Evidence::Law::normal);
  };
  CHECK_THROWS_AS(plan("{}", continuous), InputError);
  CHECK_THROWS_AS(plan(R"({"prior": {"type": "beta", "a": 1, "b": 1}})", continuous), InputError);
  CHECK_THROWS_AS(plan(R"({"prior": {"type": "normal", "mean": 0, "sd": 1}})", binary), InputError);
  CHECK_THROWS_AS(plan(R"({"prior": {"type": "beta", "a": 1, "b": 1, "max": 0.5}})", binary), InputError);
  CHECK_THROWS_AS(plan("{}", make_setting(2, kBinaryChannels, {100}, 1, 0.01)), InputError);
  CHECK_THROWS(with_parameters<ProbabilityBest>(R"({"threshold": 0.5})"));
}

}  // namespace
}  // namespace windtunnel

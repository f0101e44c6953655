#include <algorithm>
#include <cmath>
#include <numeric>

#include "support/catch.hpp"
#include "support/design_lab.hpp"
#include "windtunnel/core/math.hpp"
#include "windtunnel/design/boundaries.hpp"
#include "windtunnel/design/multiplicity.hpp"
#include "windtunnel/design/rules/fixed_horizon.hpp"
#include "windtunnel/design/rules/group_sequential.hpp"
#include "windtunnel/design/rules/naive_peeking.hpp"

namespace windtunnel {
namespace {

constexpr int kLanes = 2000;
constexpr double kAlpha = 0.07;

/// Tail probability of one hypothesis in one lane, as textbooks compute it; above 1 without evidence.
double p_value(const Evidence& evidence, int h, int lane, Alternative alternative) {
  const double variance = evidence.variance.row(h)[lane];
  if (!(variance > 0)) return 2;
  const double z = evidence.excess.row(h)[lane] / std::sqrt(variance);
  const auto upper = [&](double x) {
    return evidence.law == Evidence::Law::normal ? math::normal_upper(x)
                                                 : math::student_t_cdf(-x, evidence.freedom.row(h)[lane]);
  };
  return alternative == Alternative::one_sided ? upper(z) : 2 * upper(std::fabs(z));
}

/// Which hypotheses are rejected: the procedures of Holm and of Benjamini and Hochberg on sorted p values, or
/// one level for all.
std::vector<bool> rejected(const std::vector<double>& p, Correction correction, double alpha) {
  const std::size_t m = p.size();
  std::vector<bool> result(m);
  std::vector<std::size_t> order(m);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  if (correction == Correction::benjamini_hochberg) {
    std::size_t k = m;  // the largest k with p_(k) <= k alpha/m
    while (k > 0 && p[order[k - 1]] > static_cast<double>(k) * alpha / static_cast<double>(m)) --k;
    for (std::size_t i = 0; i < k; ++i) result[order[i]] = true;
    return result;
  }
  for (std::size_t i = 0; i < m; ++i) {
    double level = alpha;
    if (correction == Correction::bonferroni) level = alpha / static_cast<double>(m);
    if (correction == Correction::holm) level = alpha / static_cast<double>(m - i);
    if (p[order[i]] > level) break;
    result[order[i]] = true;
  }
  return result;
}

std::vector<i32> expected_calls(const Evidence& evidence, int lane, Alternative alternative,
                                Correction correction, double alpha) {
  std::vector<double> p;
  for (int h = 0; h < evidence.hypotheses; ++h) p.push_back(p_value(evidence, h, lane, alternative));
  const std::vector<bool> is_rejected = rejected(p, correction, alpha);
  std::vector<i32> calls;
  for (int h = 0; h < evidence.hypotheses; ++h) {
    const bool better = alternative == Alternative::one_sided || evidence.excess.row(h)[lane] > 0;
    const i32 side = better ? kReject : kRejectWorse;
    calls.push_back(is_rejected[static_cast<std::size_t>(h)] ? side : i32{kGoOn});
  }
  return calls;
}

/// Level of a two- or one-sided normal test with this critical value.
double level_of(double critical, Alternative alternative) {
  return (alternative == Alternative::two_sided ? 2 : 1) * math::normal_upper(critical);
}

struct Outcome {
  int wrong = 0, calls = 0, several = 0;
};

/// Judges random evidence and compares with the textbook.
Outcome compare(const RulePlan& plan, int k, const Setting& setting, Evidence::Law law,
                Alternative alternative, Correction correction, double alpha, unsigned seed) {
  Evidence evidence = make_evidence(setting, law, kLanes);
  fill_at_random(evidence, 0.01, seed);
  Calls calls(setting.hypotheses(), kLanes, 99);
  plan.open(kLanes)->look(k, evidence, Observed{}, calls);
  Outcome outcome;
  for (int l = 0; l < kLanes; ++l) {
    const std::vector<i32> expected = expected_calls(evidence, l, alternative, correction, alpha);
    int found = 0;
    for (int h = 0; h < setting.hypotheses(); ++h) {
      outcome.wrong += calls.row(h)[l] != expected[static_cast<std::size_t>(h)] ? 1 : 0;
      found += calls.row(h)[l] != kGoOn ? 1 : 0;
    }
    outcome.calls += found;
    outcome.several += found > 1 ? 1 : 0;
  }
  return outcome;
}

std::string parameters(Alternative alternative) {
  return std::string(R"({"alpha": 0.07, "alternative": ")") +
         (alternative == Alternative::two_sided ? "two_sided" : "one_sided") + "\"}";
}

template <class Rule>
void check_rule(int k) {
  unsigned seed = 100;
  for (int arms : {2, 3, 6, 16})
    for (Alternative alternative : {Alternative::two_sided, Alternative::one_sided})
      for (Evidence::Law law : {Evidence::Law::normal, Evidence::Law::student})
        for (Correction correction : {Correction::none, Correction::bonferroni, Correction::dunnett,
                                      Correction::holm, Correction::benjamini_hochberg}) {
          const Setting setting = make_setting(arms, kBinaryChannels, {100, 200, 300});
          const auto plan = with_parameters<Rule>(parameters(alternative)).plan(setting, correction, law);
          double level = kAlpha;
          if (correction == Correction::dunnett)
            level = level_of(dunnett_critical_value(setting.shares, kAlpha, alternative), alternative);
          const Outcome outcome = compare(*plan, k, setting, law, alternative, correction, level, ++seed);
          INFO("arms " << arms << ", correction " << kCorrectionNames[static_cast<int>(correction)]);
          CHECK(outcome.wrong == 0);
          CHECK(outcome.calls > kLanes / 10);
          if (arms > 2) CHECK(outcome.several > kLanes / 50);
        }
}

TEST_CASE("naive_peeking: every look is the textbook test under each correction", "[rules]") {
  check_rule<NaivePeeking>(0);
}

TEST_CASE("fixed_horizon: the last look is the textbook test under each correction", "[rules]") {
  check_rule<FixedHorizon>(2);
}

TEST_CASE("benjamini_hochberg: the expected share of false rejections is alpha times the share of nulls",
          "[rules]") {
  // Exact for independent p values, whatever the others are (Benjamini & Yekutieli 2001, theorem 5.1).
  constexpr int kHypotheses = 8, kNulls = 5, kBlocks = 100;
  const Setting setting = make_setting(kHypotheses + 1, kBinaryChannels, {100});
  const auto plan = with_parameters<FixedHorizon>(R"({"alpha": 0.3})")
                        .plan(setting, Correction::benjamini_hochberg, Evidence::Law::normal);
  Evidence evidence = make_evidence(setting, Evidence::Law::normal, kLanes);
  Dice dice(8);
  double sum = 0, squares = 0;
  for (int block = 0; block < kBlocks; ++block) {
    for (int h = 0; h < kHypotheses; ++h)
      for (int l = 0; l < kLanes; ++l) {
        evidence.variance.row(h)[l] = 4;
        evidence.excess.row(h)[l] =
            2 * (math::normal_quantile(dice.uniform()) + (h < kNulls ? 0 : 0.7 * (h - kNulls)));
      }
    Calls calls(kHypotheses, kLanes, 99);
    plan->open(kLanes)->look(0, evidence, Observed{}, calls);
    for (int l = 0; l < kLanes; ++l) {
      double rejected = 0, wrongly = 0;
      for (int h = 0; h < kHypotheses; ++h) {
        rejected += calls.row(h)[l] != kGoOn ? 1 : 0;
        wrongly += calls.row(h)[l] != kGoOn && h < kNulls ? 1 : 0;
      }
      const double share = rejected > 0 ? wrongly / rejected : 0;
      sum += share;
      squares += share * share;
    }
  }
  constexpr double n = double{kLanes} * kBlocks;
  const double mean = sum / n, error = std::sqrt((squares / n - mean * mean) / n);
  CHECK(error < 0.001);
  CHECK(std::fabs(mean - 0.3 * kNulls / kHypotheses) <= 4 * error);
}

TEST_CASE("fixed_horizon: sleeps until the last look", "[rules]") {
  const Setting setting = make_setting(2, kBinaryChannels, {100, 200, 300});
  const auto plan = FixedHorizon().plan(setting, Correction::none, Evidence::Law::normal);
  CHECK_FALSE(plan->looks_at(0));
  CHECK_FALSE(plan->looks_at(1));
  CHECK(plan->looks_at(2));
}

TEST_CASE("group_sequential: every look has its own critical value", "[rules]") {
  const std::vector<double> fractions{0.2, 0.5, 1};
  unsigned seed = 300;
  for (const auto& [name, boundary] :
       {std::pair("pocock", Boundary::pocock), std::pair("obrien_fleming", Boundary::obrien_fleming)})
    for (int arms : {2, 4})
      for (Correction correction : {Correction::none, Correction::bonferroni}) {
        const Setting setting = make_setting(arms, kBinaryChannels, {100, 250, 500});
        const auto rule =
            with_parameters<GroupSequential>(std::string(R"({"alpha": 0.07, "boundary": ")") + name + "\"}");
        const auto plan = rule.plan(setting, correction, Evidence::Law::student);
        const double alpha = correction == Correction::none ? kAlpha : kAlpha / (arms - 1);
        const std::vector<double> critical =
            critical_values(boundary, fractions, alpha, Alternative::two_sided);
        for (int k = 0; k < 3; ++k) {
          CHECK(plan->looks_at(k));
          const double level = level_of(critical[static_cast<std::size_t>(k)], Alternative::two_sided);
          CHECK(compare(*plan, k, setting, Evidence::Law::student, Alternative::two_sided, Correction::none,
                        level, ++seed)
                    .wrong == 0);
        }
      }
}

TEST_CASE("group_sequential: refuses corrections made afresh at each look", "[rules]") {
  const auto rule = with_parameters<GroupSequential>(R"({"boundary": "pocock"})");
  const Setting setting = make_setting(3, kBinaryChannels, {100, 200});
  CHECK_THROWS_AS(rule.plan(setting, Correction::holm, Evidence::Law::normal), InputError);
  CHECK_THROWS_AS(rule.plan(setting, Correction::dunnett, Evidence::Law::normal), InputError);
  CHECK_THROWS_AS(rule.plan(setting, Correction::benjamini_hochberg, Evidence::Law::normal), InputError);
}

TEST_CASE("threshold rules: a one-sided level above one half rejects below zero", "[rules]") {
  const auto rule = with_parameters<NaivePeeking>(R"({"alpha": 0.8, "alternative": "one_sided"})");
  const Setting setting = make_setting(2, kBinaryChannels, {100});
  for (Evidence::Law law : {Evidence::Law::normal, Evidence::Law::student}) {
    const auto plan = rule.plan(setting, Correction::none, law);
    const Outcome outcome =
        compare(*plan, 0, setting, law, Alternative::one_sided, Correction::none, 0.8, 77);
    CHECK(outcome.wrong == 0);
    CHECK(outcome.calls > kLanes / 2);  // half would be those above zero
  }
}

TEST_CASE("threshold rules: a t test never meets a critical value beyond all data", "[rules]") {
  // 1,000 looks: the first critical value of O'Brien and Fleming is 2.2 * sqrt(1000) = 70.
  std::vector<i64> looks;
  for (i64 k = 1; k <= 1000; ++k) looks.push_back(k);
  const Setting setting = make_setting(2, kBinaryChannels, looks);
  const auto rule = with_parameters<GroupSequential>(R"({"boundary": "obrien_fleming"})");
  const auto plan = rule.plan(setting, Correction::none, Evidence::Law::student);
  const Outcome first =
      compare(*plan, 0, setting, Evidence::Law::student, Alternative::two_sided, Correction::none, 0, 78);
  CHECK(first.calls == 0);
  CHECK(first.wrong == 0);
}

}  // namespace
}  // namespace windtunnel

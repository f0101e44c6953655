#include "windtunnel/design/rules/probability_best.hpp"

#include <algorithm>

#include "beliefs.hpp"
#include "best_judge.hpp"
#include "windtunnel/core/error.hpp"
#include "windtunnel/design/planning.hpp"
#include "windtunnel/design/shares.hpp"
#include "windtunnel/design/two_sample.hpp"

namespace windtunnel {

namespace {

/// Largest number of entries all looks' tables may have: 32 MB, built in a fifth of a second.
constexpr double kMostEntries = 4e6;

bool is_whole(const Distribution& law) {
  return !(law.minimum > -kUnbounded) && !(law.maximum < kUnbounded);
}

BetaBelief beta_belief(const std::optional<Distribution>& prior, const Setting& setting) {
  const bool mirrored = setting.direction < 0;
  if (!prior) return {{1, 1}, mirrored};
  if (prior->type != Distribution::Type::beta || !is_whole(*prior))
    throw InputError("/prior",
                     "outcomes of 0 and 1 need a beta prior, not truncated, such as "
                     "{\"type\": \"beta\", \"a\": 1, \"b\": 1}");
  return {mirrored ? BetaPosterior{prior->b, prior->a} : BetaPosterior{prior->a, prior->b}, mirrored};
}

NormalBelief normal_belief(const std::optional<Distribution>& prior, const Setting& setting) {
  if (!prior || prior->type != Distribution::Type::normal || !is_whole(*prior))
    throw InputError("/prior", std::string(prior ? "" : "required but missing: ") +
                                   "outcomes other than 0 and 1 (sums over visits or requests, too) need a "
                                   "normal prior of an arm's mean, not "
                                   "truncated, such as {\"type\": \"normal\", \"mean\": 0, \"sd\": 1}");
  return {setting.direction * prior->mean, prior->sd, setting.direction};
}

/// Tables for two arms that are split as planned; none where they would be too large.
std::vector<BetaThresholds> solve_tables(const BetaBelief& belief, double threshold, const Setting& setting) {
  std::vector<BetaThresholds> tables;
  double entries = 0;
  for (i64 users : setting.looks) entries += 2 * setting.shares[0] * static_cast<double>(users);
  if (setting.arms != 2 || entries > kMostEntries) return tables;
  for (i64 users : setting.looks) {
    const std::vector<i64> arm = largest_remainder(setting.shares, users);
    tables.push_back(
        solve_beta_thresholds(belief.prior, static_cast<i32>(arm[0]), static_cast<i32>(arm[1]), threshold));
  }
  return tables;
}

}  // namespace

void ProbabilityBest::describe(Fields& fields) {
  fields.number("threshold", threshold_, {0.5, 1, Range::Ends::open},
                {"posterior probability c of being the best that ends the experiment"});
  fields.distribution(
      "prior", prior_, {},
      {"belief about every arm: beta {a, b} for outcomes of 0 and 1 (absent = a 1, b 1), else "
       "normal {mean, sd} of the mean, required"});
  describe_choice(fields, "alternative", alternative_, {"two_sided", "one_sided"},
                  {"two_sided: control may be called the best, too"});
}

Channels ProbabilityBest::needs(Channels offered) const {
  return two_sample_channels(offered);
}

std::unique_ptr<const RulePlan> ProbabilityBest::plan(const Setting& setting, Correction correction,
                                                      Evidence::Law) const {
  allow_no_correction(correction, "probability_best");
  if (std::any_of(setting.margin.begin(), setting.margin.end(), [](double m) { return m != 0; }))
    throw InputError("/margin", "probability_best asks which arm is best, a question without a margin");
  const BestCriterion criterion{threshold_, alternative_};
  if (!setting.binary())
    return std::make_unique<BestPlan<NormalBelief>>(normal_belief(prior_, setting), criterion, setting);
  const BetaBelief belief = beta_belief(prior_, setting);
  return std::make_unique<BestPlan<BetaBelief>>(belief, criterion, setting,
                                                solve_tables(belief, threshold_, setting));
}

}  // namespace windtunnel

#include "lint_numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "follow_up.hpp"
#include "windtunnel/core/math.hpp"
#include "windtunnel/design/planning.hpp"

namespace windtunnel {

namespace {

int first_look(const StrategyPlan& plan) {
  const int last = static_cast<int>(plan.look_users.size()) - 1;
  int k = 0;
  while (k < last && !plan.rule->looks_at(k)) ++k;
  return k;
}

/// Segments that a strategy looks at, each by itself; -1: everybody.
std::vector<int> segments_seen(const Strategy& strategy, const World& world) {
  std::vector<int> segments = {-1};
  for (const auto& lens : strategy.lenses) {
    if (lens->segment() >= 0) segments = {lens->segment()};
    if (!lens->is_of_segments()) continue;
    segments.clear();
    for (int segment = 0; segment < world.segments(); ++segment) segments.push_back(segment);
  }
  return segments;
}

/// What a strategy is planned to analyse once some users have come.
class Planned {
 public:
  Planned(const Strategy& strategy, const World& world, i64 users)
      : world_(world),
        shares_(strategy.policy->planned_shares(world.arms())),
        seen_(follow_up(strategy, world, users)),
        users_(static_cast<double>(users) * seen_.users) {}

  /// Users of a segment in an arm.
  double users(int segment, int arm) const {
    return users_ * shares_[static_cast<std::size_t>(arm)] * world_.share_of_segment(segment, arm);
  }

  /// Share of them whose outcomes are known.
  double known() const { return seen_.known; }

 private:
  const World& world_;
  std::vector<double> shares_;  // [arm]
  FollowUp seen_;
  double users_;
};

/// The least of something over the segments and arms that a strategy looks at.
template <class Of>
double least_seen(const Strategy& strategy, const World& world, Of of) {
  double least = std::numeric_limits<double>::infinity();
  for (const int segment : segments_seen(strategy, world))
    for (int arm = 0; arm < world.arms(); ++arm) least = std::min(least, of(segment, arm));
  return least;
}

/// Users of the first look.
double least_users(const Strategy& strategy, const StrategyPlan& plan, const World& world) {
  const Planned planned(strategy, world, first_users(plan));
  return least_seen(strategy, world, [&](int segment, int arm) { return planned.users(segment, arm); });
}

/// What the strategy's lenses make of the variance of one user's outcome.
double variance_factor(const Strategy& strategy) {
  double factor = 1;
  for (const auto& lens : strategy.lenses) factor *= lens->variance_factor();
  return factor;
}

/// Whether outcomes are compared by their means, and as they are.
bool tests_means(const Strategy& strategy) {
  return strategy.analysis->estimand().kind == Estimand::Kind::means &&
         std::ranges::none_of(strategy.lenses, [](const auto& lens) { return lens->cuts_tails(); });
}

/// What the rule's z has to reach at the end; of several hypotheses any may.
double needed_z(const Strategy& strategy, const StrategyPlan& plan) {
  const double level = least_level_of_one(strategy.rule->alpha(), strategy.correction, plan.hypotheses);
  return -math::normal_quantile(strategy.rule->alternative() == Alternative::one_sided ? level : level / 2);
}

}  // namespace

i64 first_users(const StrategyPlan& plan) {
  return plan.look_users[static_cast<std::size_t>(first_look(plan))];
}

void lint_first_look(const Strategy& strategy, const StrategyPlan& plan, const World& world,
                     Findings& findings) {
  constexpr double kEnough = 50;  // users per arm
  if (strategy.guarantee == Guarantee::none || !strategy.analysis->estimates_variance()) return;
  const double users = least_users(strategy, plan, world);
  if (users >= kEnough) return;
  findings.add(
      "early_plug_in",
      fmt::format("'{}' first looks at {:.0f} users in an arm; it estimates the variance, and its promise on "
                  "false positives needs about {:.0f}",
                  strategy.name, users, kEnough));
}

void lint_conversions(const Strategy& strategy, const StrategyPlan& plan, const World& world,
                      const Truth& truth, Findings& findings) {
  constexpr double kEnough = 5;
  if (!plan.tests || !world.offers().has(Channel::successes)) return;
  const i64 now = first_users(plan);
  const Planned planned(strategy, world, now);
  const double conversions = least_seen(strategy, world, [&](int segment, int arm) {
    return planned.users(segment, arm) * planned.known() * world.mean_seen(truth, segment, arm, now) /
           variance_factor(strategy);
  });
  if (conversions >= kEnough) return;
  findings.add("few_conversions",
               fmt::format("'{}' first looks at about {:.2g} conversions in an arm; the normal approximation "
                           "needs {:.0f} or more",
                           strategy.name, conversions, kEnough));
}

void hear_skewness(const Strategy& strategy, const StrategyPlan& plan, const World& world,
                   const Outcome& outcome, const Truth& truth, SkewnessLint& skewness) {
  const bool is_normal = strategy.analysis->intervals() == Evidence::Intervals::by_variance;
  if (!plan.tests || !is_normal || !tests_means(strategy) || world.offers().has(Channel::successes)) return;
  skewness.hear(strategy.name, outcome.skewness(truth.mean.row(0)[0]), least_users(strategy, plan, world));
}

void lint_power(const Strategy& strategy, const StrategyPlan& plan, const World& world,
                const MeasureSetting& setting, const Outcome& outcome, const Truth& truth,
                Findings& findings) {
  const bool has_margin = std::ranges::any_of(setting.null_margin, [](double margin) { return margin != 0; });
  const bool is_about_means = tests_means(strategy) || (outcome.normal_sd().has_value() && !has_margin);
  const bool has_panels = plan.hypotheses > world.arms() - 1;
  if (!plan.tests || !is_about_means || has_panels || world.returns().probability() > 0) return;
  const i64 now = plan.look_users.back();
  const Planned planned(strategy, world, now);
  const double known = planned.known();
  // Variance of an arm's mean; outcomes that are not known count as 0.
  const auto variance = [&](int arm) {
    const double mean = world.mean_seen(truth, setting.segment, arm, now);
    return variance_factor(strategy) * known * (outcome.variance(mean) + (1 - known) * mean * mean) /
           planned.users(setting.segment, arm);
  };
  if (known == 0) return;  // nothing is ever seen, of which look_before_conversion speaks
  const bool is_one_sided = strategy.rule->alternative() == Alternative::one_sided;
  double largest = -std::numeric_limits<double>::infinity();
  for (int arm = 1; arm < world.arms(); ++arm) {
    const double margin = has_margin ? setting.null_margin[static_cast<std::size_t>(arm - 1)] : 0;
    if (known * truth.lasting.row(truth.lasting_row(setting.segment, arm))[0] == margin) continue;
    const double effect = known * (world.mean_seen(truth, setting.segment, arm, now) -
                                   world.mean_seen(truth, setting.segment, 0, now)) -
                          margin;
    const double towards = is_one_sided ? setting.direction * effect : std::fabs(effect);
    largest = std::max(largest, towards / std::sqrt(variance(0) + variance(arm)));
  }
  const double critical = needed_z(strategy, plan);
  // At the margin there is nothing to find.
  if (largest >= critical || largest == -std::numeric_limits<double>::infinity()) return;
  findings.add("low_power",
               fmt::format("'{}' finds the effect in less than half of the experiments: z is about "
                           "{:.2f} at its end, and {:.2f} is needed",
                           strategy.name, largest, critical));
}

}  // namespace windtunnel

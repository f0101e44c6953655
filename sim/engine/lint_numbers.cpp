#include "lint_numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "planned.hpp"

namespace windtunnel {

namespace {

int first_look(const StrategyPlan& plan) {
  const int last = static_cast<int>(plan.look_users.size()) - 1;
  int k = 0;
  while (k < last && !plan.rule->looks_at(k)) ++k;
  return k;
}

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
  findings.add_worst(
      "early_plug_in", strategy.name, -users,
      fmt::format("'{}' first looks at {:.0f} users in an arm; it estimates the variance, and its promise on "
                  "false positives needs about {:.0f}",
                  strategy.name, users, kEnough));
}

void lint_conversions(const Strategy& strategy, const StrategyPlan& plan, const World& world,
                      const Outcome& outcome, const Truth& truth, Findings& findings) {
  constexpr double kEnough = 5;
  if (!plan.tests || outcome.values().low < 0 || world.returns().probability() > 0) return;
  const i64 now = first_users(plan);
  const Planned planned(strategy, world, now);
  const double conversions = least_seen(strategy, world, [&](int segment, int arm) {
    const double not_0 = 1 - outcome.distribution(world.mean_seen(truth, segment, arm, now))(0);
    return planned.users(segment, arm) * planned.known() * not_0 / variance_factor(strategy);
  });
  if (conversions >= kEnough) return;
  findings.add_worst(
      "few_conversions", strategy.name, -conversions,
      fmt::format("'{}' first looks at about {:.3g} {} in an arm; the normal approximation needs {:.0f} "
                  "or more",
                  strategy.name, conversions,
                  world.offers().has(Channel::successes) ? "conversions" : "users who are not 0", kEnough));
}

void lint_skewness(const Strategy& strategy, const StrategyPlan& plan, const World& world,
                   const Outcome& outcome, const Truth& truth, Findings& findings) {
  const bool is_normal = strategy.analysis->intervals() == Evidence::Intervals::by_variance;
  if (!plan.tests || !is_normal || !tests_means(strategy) || world.offers().has(Channel::successes)) return;
  const double skewness = outcome.skewness(truth.mean.row(0)[0]);
  const double needed = std::ceil(355 * skewness * skewness);
  const double users = least_users(strategy, plan, world);
  if (users >= needed) return;
  findings.add_worst(
      "skewness", strategy.name, needed,
      fmt::format("'{}' first looks at {:.0f} users in an arm, but a test of means of outcomes as "
                  "skewed as these ({:.3g}) needs {:.0f}: 355 times the square",
                  strategy.name, users, skewness, needed));
}

}  // namespace windtunnel

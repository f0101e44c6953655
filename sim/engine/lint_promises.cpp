#include "lint_promises.hpp"

#include <fmt/format.h>

#include <cmath>

#include "follow_up.hpp"
#include "planned.hpp"

namespace windtunnel {

namespace {

/// Whether the arms that a strategy compares differ under the null twin: those of a segment, where it takes
/// segments apart.
bool compares_unlike_arms(const Strategy& strategy, const World& null_twin) {
  if (null_twin.truth_kind() != Truth::Kind::shared || null_twin.all_means_equal()) return false;
  const Channels offers = null_twin.offers();
  const bool is_by_segment = strategy.analysis->needs(offers).has(Channel::segments) ||
                             std::ranges::any_of(strategy.lenses, [&](const auto& lens) {
                               return lens->needs(offers).has(Channel::segments);
                             });
  return !(is_by_segment && null_twin.arms_are_alike_in_segments());
}

}  // namespace

/// Whether the share of the users exposed of whom something is known changes from look to look.
bool follows_unevenly(const Strategy& strategy, const StrategyPlan& plan, const World& world) {
  constexpr double kMuch = 0.02;  // of what is known at the end
  const auto known = [&](i64 users) {
    const FollowUp seen = follow_up(strategy, world, users);
    return seen.users * seen.known;
  };
  const double at_end = known(plan.look_users.back());
  return std::ranges::any_of(plan.look_users,
                             [&](i64 users) { return std::fabs(known(users) - at_end) > kMuch * at_end; });
}

/// They rest on equal means under the null, on the variance where it is given, and on one hypothesis for each
/// alpha.
void lint_promise(const Strategy& strategy, const StrategyPlan& plan, const World& null_twin,
                  Findings& findings) {
  if (strategy.guarantee == Guarantee::none) return;
  const Channels read = strategy.analysis->needs(seen_through(strategy.lenses, null_twin.offers()));
  if (compares_unlike_arms(strategy, null_twin))
    findings.add(
        "guarantee_void",
        fmt::format("'{}' promises its level where arms are alike, but here they differ even without a "
                    "lasting effect",
                    strategy.name));
  if (null_twin.returns().probability() > 0 && !strategy.analysis->estimates_variance())
    findings.add(
        "guarantee_void",
        fmt::format("'{}' takes a variance as known, but sums over users' visits vary more the longer the "
                    "experiment lasts",
                    strategy.name));
  if (strategy.rule->plans_information() && follows_unevenly(strategy, plan, null_twin))
    findings.add(
        "guarantee_void",
        fmt::format("'{}' plans its bounds for the users exposed by each look, but what is known of them by "
                    "then is another share of what is known at the end",
                    strategy.name));
  for (const auto& lens : strategy.lenses)
    if (const std::string doubt = lens->doubt(read); !doubt.empty())
      findings.add("guarantee_void", fmt::format("'{}' {}", strategy.name, doubt));
  const bool follows = read.has(Channel::at_once) || read.has(Channel::exposures);
  if (strategy.policy->learning() != nullptr && !follows)
    findings.add(
        "guarantee_void",
        fmt::format("'{}' tests what its policy has collected by what it had seen, which makes means "
                    "too low ({})",
                    strategy.name,
                    strategy.policy->gives_every_arm_a_chance()
                        ? "some tests follow the policy"
                        : "some tests follow a policy that has a \"floor\""));
  if (plan.decided > null_twin.arms() - 1 && strategy.correction == Correction::none)
    findings.add("guarantee_void", fmt::format("'{}' tests {} hypotheses, each at the whole alpha",
                                               strategy.name, plan.decided));
}

/// The error of a quantile rests on a density there.
void lint_lumps(const Strategy& strategy, const Outcome& outcome, const Truth& truth, Findings& findings) {
  const Estimand estimand = strategy.analysis->estimand();
  if (strategy.guarantee == Guarantee::none || estimand.kind != Estimand::Kind::quantiles) return;
  constexpr double kNear = 1e-9, kMany = 0.001;
  const double mean = truth.mean.row(0)[0];
  const auto law = outcome.distribution(mean);
  const double quantile = quantile_of(outcome, mean, estimand.p);
  const double width = kNear * std::max(1.0, std::fabs(quantile));
  const double equal = law(quantile + width) - law(quantile - width);
  if (equal < kMany) return;
  findings.add(
      "guarantee_void",
      fmt::format("'{}' compares quantiles as if no two outcomes were equal, but {:.2g} % of them are "
                  "{:.6g}, its quantile",
                  strategy.name, 100 * equal, quantile));
}

}  // namespace windtunnel

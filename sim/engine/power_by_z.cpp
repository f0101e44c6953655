#include "power_by_z.hpp"

#include <algorithm>
#include <cmath>

#include "planned.hpp"
#include "windtunnel/core/math.hpp"

namespace windtunnel {

namespace {

double margin_of(const PowerCase& c, int arm) {
  return c.setting.null_margin[static_cast<std::size_t>(arm - 1)];
}

/// By how much the truth of an arm is off its null hypothesis. Of estimates that are no differences of means
/// it is known of one segment at a time at most; elsewhere means that differ are taken to make them differ.
double distance(const PowerCase& c, int arm, int segment, bool is_only_segment) {
  const double lasting = c.truth.lasting.row(c.truth.lasting_row(segment, arm))[0];
  if (c.setting.estimand.kind == Estimand::Kind::means) return lasting - margin_of(c, arm);
  if (!c.setting.true_values || !is_only_segment) return lasting;
  return (*c.setting.true_values)[static_cast<std::size_t>(arm)] - margin_of(c, arm);
}

/// Whether a strategy compares quantiles that are known, of users who are all known.
bool compares_quantiles(const PowerCase& c) {
  return c.setting.estimand.kind == Estimand::Kind::quantiles && c.setting.true_values &&
         Planned(c.strategy, c.world, c.plan.look_users.back()).known() == 1;
}

bool is_plain(const PowerCase& c) {
  const Channels read = c.strategy.analysis->needs(seen_through(c.strategy.lenses, c.world.offers()));
  const bool are_alike = c.outcome.mixes() || (c.truth.epochs == 1 && c.world.climate().strata.size() == 1);
  const bool is_doubted =
      std::ranges::any_of(c.strategy.lenses, [&](const auto& lens) { return !lens->doubt(read).empty(); });
  return (tests_means(c.strategy) || compares_quantiles(c)) && c.plan.hypotheses == 1 &&
         c.strategy.analysis->estimates_variance() && are_alike && !is_doubted &&
         !read.has(Channel::segments) && c.strategy.policy->learning() == nullptr && c.plan.guards.empty() &&
         c.plan.vetoes.empty() && c.world.returns().probability() == 0;
}

/// Whether the rule is a single test at its level: one of those that test afresh at every look, looking once.
bool tests_once(const PowerCase& c) {
  int looks = 0;
  for (std::size_t k = 0; k < c.plan.look_users.size(); ++k)
    looks += c.plan.rule->looks_at(static_cast<int>(k)) ? 1 : 0;
  return looks == 1 && c.strategy.rule->takes_stepwise_corrections();
}

/// Variance of a sample quantile times the users: p (1 - p) over the square of the density.
double variance_of_quantile(const Outcome& outcome, double mean, double p) {
  const auto law = outcome.distribution(mean);
  const double quantile = quantile_of(outcome, mean, p);
  const double width = 1e-4 * std::sqrt(outcome.variance(mean));
  const double density = (law(quantile + width) - law(quantile - width)) / (2 * width);
  return p * (1 - p) / (density * density);
}

/// The difference of quantiles over its standard error in large samples, towards better.
double z_of_quantiles(const PowerCase& c) {
  const i64 now = c.plan.look_users.back();
  const Planned planned(c.strategy, c.world, now);
  double variance = 0;
  for (int arm = 0; arm <= 1; ++arm) {
    const double mean = c.world.mean_seen(c.truth, c.setting.segment, arm, now);
    variance +=
        variance_of_quantile(c.outcome, mean, c.setting.estimand.p) / planned.users(c.setting.segment, arm);
  }
  return c.setting.direction * ((*c.setting.true_values)[1] - margin_of(c, 1)) / std::sqrt(variance);
}

/// The difference of means over its standard error, towards better.
double z_of_means(const PowerCase& c) {
  const i64 now = c.plan.look_users.back();
  const Planned planned(c.strategy, c.world, now);
  const double known = planned.known();
  const auto mean = [&](int arm) { return c.world.mean_seen(c.truth, c.setting.segment, arm, now); };
  // Variance of an arm's mean; outcomes that are not known count as 0.
  const auto variance = [&](int arm) {
    return variance_factor(c.strategy) * known *
           (c.outcome.variance(mean(arm)) + (1 - known) * mean(arm) * mean(arm)) /
           planned.users(c.setting.segment, arm);
  };
  const double effect = known * (mean(1) - mean(0)) - margin_of(c, 1);
  return c.setting.direction * effect / std::sqrt(variance(0) + variance(1));
}

}  // namespace

bool has_something_to_find(const PowerCase& c) {
  if (Planned(c.strategy, c.world, c.plan.look_users.back()).known() == 0) return false;
  const std::vector<int> segments = segments_seen(c.strategy, c.world);
  const int treatments = c.world.arms() - 1;
  const bool is_one_sided = c.strategy.rule->alternative() == Alternative::one_sided;
  if (c.plan.hypotheses > static_cast<int>(segments.size()) * treatments) return true;  // metrics' effects
  for (int arm = 1; arm <= treatments; ++arm)
    for (const int segment : segments) {
      const double off = distance(c, arm, segment, segments.size() == 1);
      // To reject an arm beyond its margin is false, not powerful.
      const bool may_be_false = is_one_sided && margin_of(c, arm) != 0;
      if (may_be_false ? c.setting.direction * off > 0 : off != 0) return true;
    }
  return false;
}

std::optional<ZAtEnd> z_at_end(const PowerCase& c) {
  if (!is_plain(c)) return std::nullopt;
  const double level = c.strategy.rule->alpha();
  const bool is_one_sided = c.strategy.rule->alternative() == Alternative::one_sided;
  const bool is_of_means = c.setting.estimand.kind == Estimand::Kind::means;
  const double z = is_of_means ? z_of_means(c) : z_of_quantiles(c);
  return ZAtEnd{is_one_sided ? z : std::fabs(z), -math::normal_quantile(is_one_sided ? level : level / 2),
                is_of_means && tests_once(c)};
}

}  // namespace windtunnel

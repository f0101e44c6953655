#include "planned.hpp"

#include <algorithm>

#include "windtunnel/world/estimands.hpp"

namespace windtunnel {

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

double variance_factor(const Strategy& strategy) {
  double factor = 1;
  for (const auto& lens : strategy.lenses) factor *= lens->variance_factor();
  return factor;
}

bool tests_means(const Strategy& strategy) {
  return strategy.analysis->estimand().kind == Estimand::Kind::means &&
         std::ranges::none_of(strategy.lenses, [](const auto& lens) { return lens->cuts_tails(); });
}

double quantile_of(const Outcome& outcome, double mean, double p) {
  const double largest = outcome.largest(mean);
  return MixedLaw{{{mean, 1, outcome.distribution(mean)}}}.quantile(p, -largest, largest);
}

Planned::Planned(const Strategy& strategy, const World& world, i64 users)
    : world_(world),
      shares_(world.shares_seen(strategy.policy->planned_shares(world.arms()))),
      seen_(follow_up(strategy, world, users)),
      users_(static_cast<double>(users) * seen_.users) {}

}  // namespace windtunnel

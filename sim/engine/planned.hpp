#pragma once

#include <vector>

#include "follow_up.hpp"
#include "windtunnel/design/strategy.hpp"
#include "windtunnel/world/world.hpp"

/// What a team can expect to analyse, for lints.
namespace windtunnel {

/// Segments that a strategy looks at, each by itself; -1: everybody.
std::vector<int> segments_seen(const Strategy& strategy, const World& world);

/// What the strategy's lenses make of the variance of one user's outcome.
double variance_factor(const Strategy& strategy);

/// Whether outcomes are compared by their means, and as they are.
bool tests_means(const Strategy& strategy);

/// The p-quantile of outcomes of this mean.
double quantile_of(const Outcome& outcome, double mean, double p);

/// What a strategy is planned to analyse once some users have come.
class Planned {
 public:
  Planned(const Strategy& strategy, const World& world, i64 users);

  /// Users of a segment in an arm, without those who are lost.
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

}  // namespace windtunnel

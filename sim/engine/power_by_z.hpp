#pragma once

#include <optional>

#include "windtunnel/engine/experiment.hpp"

namespace windtunnel {

/// A strategy in a cell whose truth all replications share.
struct PowerCase {
  const Strategy& strategy;
  const StrategyPlan& plan;
  const MeasureSetting& setting;
  const World& world;
  const Outcome& outcome;
  const Truth& truth;
};

/// Whether anything is ever seen of what the strategy looks at, and some of that is not as its null
/// hypotheses say: for a one-sided rule with a margin, better than they say.
bool has_something_to_find(const PowerCase& c);

/// The z of a comparison of means at the strategy's end.
struct ZAtEnd {
  double expected, needed;
  bool is_all;  ///< the strategy is this one test: power is below one half iff expected < needed
};

/// The z, where there is one: users who are alike and seen once, in one comparison of means whose errors are
/// what the test takes them for, or of quantiles, whose errors in large samples these are.
std::optional<ZAtEnd> z_at_end(const PowerCase& c);

}  // namespace windtunnel

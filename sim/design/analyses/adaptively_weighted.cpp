#include "windtunnel/design/analyses/adaptively_weighted.hpp"

#include <cmath>

#include "windtunnel/design/weighted_means.hpp"

namespace windtunnel {

namespace {

struct InverseRootChance {
  static double of(double chance) { return 1 / std::sqrt(chance); }
};

}  // namespace

Channels AdaptivelyWeighted::needs(Channels offered) const {
  return followed_channels(offered);
}

std::unique_ptr<const Evaluator> AdaptivelyWeighted::open(const Setting& setting) const {
  return open_weighted<InverseRootChance>(setting);
}

}  // namespace windtunnel

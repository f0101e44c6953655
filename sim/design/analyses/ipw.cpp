#include "windtunnel/design/analyses/ipw.hpp"

#include "windtunnel/design/weighted_means.hpp"

namespace windtunnel {

namespace {

struct InverseChance {
  static double of(double chance) { return 1 / chance; }
};

}  // namespace

Channels Ipw::needs(Channels offered) const {
  return followed_channels(offered);
}

std::unique_ptr<const Evaluator> Ipw::open(const Setting& setting) const {
  return open_weighted<InverseChance>(setting);
}

}  // namespace windtunnel

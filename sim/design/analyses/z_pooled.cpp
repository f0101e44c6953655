#include "windtunnel/design/analyses/z_pooled.hpp"

#include "windtunnel/design/two_sample.hpp"

namespace windtunnel {

Channels ZPooled::needs(Channels offered) const {
  return two_sample_channels(offered);
}

std::unique_ptr<const Evaluator> ZPooled::open(const Setting& setting) const {
  return std::make_unique<TwoSampleEvaluator<PooledVariance>>(PooledVariance{}, setting);
}

}  // namespace windtunnel

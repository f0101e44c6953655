#include "windtunnel/design/analyses/z_unpooled.hpp"

#include "windtunnel/design/two_sample.hpp"

namespace windtunnel {

Channels ZUnpooled::needs(Channels offered) const {
  return two_sample_channels(offered);
}

std::unique_ptr<const Evaluator> ZUnpooled::open(const Setting& setting) const {
  return std::make_unique<TwoSampleEvaluator<UnpooledVariance>>(UnpooledVariance{}, setting);
}

}  // namespace windtunnel

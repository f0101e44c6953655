#include "windtunnel/world/feature.hpp"

namespace windtunnel {

void Feature::shape(Climate&) const {}

std::unique_ptr<const StreamPlan> Feature::around(std::unique_ptr<const StreamPlan> stream, const Climate&,
                                                  u64) const {
  return stream;
}

}  // namespace windtunnel

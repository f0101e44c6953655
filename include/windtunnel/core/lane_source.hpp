#pragma once

#include "windtunnel/core/random.hpp"

namespace windtunnel {

/// Where a block's random numbers come from: the generator of one purpose and the block's first replication.
/// Element l of every span handed to a sampler belongs to replication first_replication + l.
struct LaneSource {
  const Random* random;
  u64 first_replication;
};

}  // namespace windtunnel

#pragma once

#include "windtunnel/core/random.hpp"

namespace windtunnel {

/// Where a block's random numbers come from: the generator of one purpose and the block's first replication.
/// Element l of every span handed to a sampler belongs to replication first_replication + l.
struct LaneSource {
  const Random* random;
  u64 first_replication;
};

/// The source of a block that begins `lanes` replications later.
inline LaneSource shifted(LaneSource source, int lanes) {
  return {source.random, source.first_replication + static_cast<u64>(lanes)};
}

}  // namespace windtunnel

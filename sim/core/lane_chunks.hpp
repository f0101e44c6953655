#pragma once

#include <algorithm>
#include <cstddef>

#include "windtunnel/core/types.hpp"

namespace windtunnel {

/// Lanes that samplers treat at a time: their words fit a few KiB of the stack.
inline constexpr std::size_t kChunkLanes = 512;

/// Calls visit(first_lane, lanes) for consecutive pieces of `lanes` lanes. Pieces end where the replication
/// is a multiple of kChunkLanes, so that only the outermost ones can cut a block of the generator.
template <class Visit>
void for_chunks(u64 first_replication, std::size_t lanes, Visit visit) {
  for (std::size_t lane = 0; lane < lanes;) {
    const std::size_t until_boundary = kChunkLanes - (first_replication + lane) % kChunkLanes;
    const std::size_t size = std::min(until_boundary, lanes - lane);
    visit(lane, size);
    lane += size;
  }
}

}  // namespace windtunnel

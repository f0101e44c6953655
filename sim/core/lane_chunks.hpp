#pragma once

#include <algorithm>
#include <cstddef>

#include "windtunnel/core/lane_source.hpp"

namespace windtunnel {

/// Lanes that samplers treat at a time: their words fit a few KiB of the stack.
inline constexpr std::size_t kChunkLanes = 512;

/// Calls visit(chunk, first_lane, lanes) for consecutive pieces of `size` lanes; `chunk` is the source of the
/// piece. Pieces end where the replication is a multiple of kChunkLanes, so that only the outermost ones can
/// cut a block of the generator.
template <class Visit>
void for_chunks(LaneSource source, std::size_t size, Visit visit) {
  for (std::size_t lane = 0; lane < size;) {
    const LaneSource chunk{source.random, source.first_replication + lane};
    const std::size_t lanes = std::min(kChunkLanes - chunk.first_replication % kChunkLanes, size - lane);
    visit(chunk, lane, static_cast<int>(lanes));
    lane += lanes;
  }
}

}  // namespace windtunnel

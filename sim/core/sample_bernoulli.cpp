#include <algorithm>
#include <cmath>

#include "lane_chunks.hpp"
#include "windtunnel/core/samplers.hpp"

namespace windtunnel {
namespace {

/// Integer part of probability * 2^32, at most 2^32 - 1: a tie then decides even for probability 1. By way of
/// a signed number, for which every instruction set converts whole vectors.
inline u32 high_threshold(double probability) {
  const double scaled = std::min(std::floor(probability * 0x1p32), 0x1p32 - 1.0);
  return static_cast<u32>(static_cast<i32>(scaled - 0x1p31)) ^ 0x80000000u;
}

/// Whether the next draw decides for success when the first word equals the high threshold.
bool tie_succeeds(const Random& random, u64 replication, Address address, double probability) {
  const double rest = probability * 0x1p32 - static_cast<double>(high_threshold(probability));
  return random.word(replication, later(address, 1)) < static_cast<u64>(rest * 0x1p32);
}

/// One chunk; ties are as rare as 2^-32, so a count of them is kept and the lanes are searched on demand.
template <class Probability>
void add_chunk(LaneSource source, Address address, Probability probability, i32* __restrict total,
               int lanes) {
  u32 words[kChunkLanes];
  source.random->fill(source.first_replication, address, {words, static_cast<std::size_t>(lanes)});
  int ties = 0;
  for (int lane = 0; lane < lanes; ++lane) {
    const u32 threshold = high_threshold(probability(lane));
    total[lane] += words[lane] < threshold;
    ties += words[lane] == threshold;
  }
  for (int lane = 0; ties > 0 && lane < lanes; ++lane) {
    if (words[lane] != high_threshold(probability(lane))) continue;
    total[lane] += tie_succeeds(*source.random, source.first_replication + static_cast<u64>(lane), address,
                                probability(lane));
    --ties;
  }
}

}  // namespace

void add_bernoulli(LaneSource source, Address address, double probability, std::span<i32> total) {
  for_chunks(source, total.size(), [&](LaneSource chunk, std::size_t first_lane, int lanes) {
    add_chunk(
        chunk, address, [=](int) { return probability; }, total.data() + first_lane, lanes);
  });
}

void add_bernoulli(LaneSource source, Address address, std::span<const double> probability,
                   std::span<i32> total) {
  for_chunks(source, total.size(), [&](LaneSource chunk, std::size_t first_lane, int lanes) {
    const double* const chances = probability.data() + first_lane;
    add_chunk(
        chunk, address, [=](int lane) { return chances[lane]; }, total.data() + first_lane, lanes);
  });
}

}  // namespace windtunnel

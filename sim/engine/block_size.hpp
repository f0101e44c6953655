#pragma once

namespace windtunnel {

/// Lanes of a block whose lanes take so much memory beside their columns: fewer than `most` only where much
/// of it is kept, and below a block of the generator only where nothing else would fit.
int lanes_within(int most, double bytes_per_lane);

/// Lanes of a block of so many strategies: fewer than `most` where their columns would not stay in the second
/// cache.
int lanes_for(int most, int strategies);

/// Most lanes of a block of which a policy learns with every user: the columns of ten arms stay in the second
/// cache, and what is done once per step does not weigh.
inline constexpr int kMostLearning = 512;

}  // namespace windtunnel

#pragma once

namespace windtunnel {

/// Lanes of a block whose lanes take so much memory beside their columns: fewer than `most` only where much
/// of it is kept, and below a block of the generator only where nothing else would fit.
int lanes_within(int most, double bytes_per_lane);

/// Lanes of a block whose arms are all passed over with every user: their columns should stay in the first
/// cache, but what is done once per step should not weigh either.
int lanes_passed_over(int arms);

}  // namespace windtunnel

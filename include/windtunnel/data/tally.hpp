#pragma once

#include <vector>

#include "windtunnel/core/types.hpp"

namespace windtunnel {

/// Additive integers, the only thing that crosses replications: counts, fixed-point sums, histograms.
/// What each integer means is laid out by measures (see measures/cell_tally.hpp).
struct Tally {
  std::vector<i128> slots;

  /// Adds slot by slot.
  ///   throws  OverflowError when a sum leaves 128 bits, std::logic_error on another shape; then nothing is
  ///   added
  void add(const Tally& other);

  bool operator==(const Tally&) const = default;
};

}  // namespace windtunnel

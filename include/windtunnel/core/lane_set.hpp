#pragma once

#include <algorithm>
#include <bit>
#include <vector>

#include "windtunnel/core/lane_bits.hpp"
#include "windtunnel/core/lane_vectors.hpp"

namespace windtunnel {

/// Some lanes of a block, a bit each: the sets of a thousand lanes fill two cache lines. Bits lie as those of
/// flagged_bits.
class LaneSet {
 public:
  /// All lanes of a block.
  void fill(int lanes) {
    words_.assign(static_cast<std::size_t>((lanes + kLanesOfVector - 1) / kLanesOfVector * kLanesTogether),
                  ~u32{0});
    // Lanes of the last vector that the block does not have.
    for (int l = lanes; l % kLanesOfVector != 0; ++l)
      words_[static_cast<std::size_t>(l / kLanesOfVector * kLanesTogether + l % kLanesTogether)] &=
          ~(u32{1} << (l % kLanesOfVector / kLanesTogether));
  }

  /// Moves the lanes whose flag is not 0 to a set that has no others then.
  ///   flags    a row of a Table
  ///   returns  how many they are
  int move_flagged(const i32* flags, int lanes, LaneSet& to) {
    to.words_.resize(words_.size());
    int count = 0;
    u32* own = words_.data();
    u32* moved = to.words_.data();
    for (int first = 0; first < lanes;
         first += kLanesOfVector, own += kLanesTogether, moved += kLanesTogether) {
      const LaneVector<u32> flagged = flagged_bits(flags + first, std::min(kLanesOfVector, lanes - first));
      LaneVector<u32> members;
      load_lanes(members, own);
      store_lanes(moved, members & flagged);
      store_lanes(own, members & ~flagged);
      for (int i = 0; i < kLanesTogether; ++i) count += std::popcount(moved[i]);
    }
    return count;
  }

  /// Moves all lanes to a set that has no others then.
  void move_all(LaneSet& to) {
    to.words_ = words_;
    std::fill(words_.begin(), words_.end(), 0);
  }

  /// Calls visit(lane) for every lane, in no order.
  template <class Visit>
  void each(Visit visit) const {
    int first = 0;
    for (std::size_t w = 0; w < words_.size(); w += kLanesTogether, first += kLanesOfVector)
      visit_bits(words_.data() + w, first, visit);
  }

  /// Writes the set as a column of 0 and 1.
  ///   flags  a row of a Table
  void spread(int lanes, i32* flags) const {
    const u32* own = words_.data();
    for (int first = 0; first < lanes; first += kLanesOfVector, own += kLanesTogether) {
      LaneVector<u32> members;
      load_lanes(members, own);
      const int last = std::min(first + kLanesOfVector, lanes);
      for (int l = first; l < last; l += kLanesTogether, members >>= 1)
        store_lanes(flags + l, (LaneVector<i32>)(members & 1));
    }
  }

 private:
  std::vector<u32> words_;
};

}  // namespace windtunnel

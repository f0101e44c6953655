#pragma once

#include <algorithm>
#include <bit>
#include <vector>

#include "windtunnel/core/lane_bits.hpp"
#include "windtunnel/core/lane_vectors.hpp"

namespace windtunnel {

/// Some lanes of a block, a bit each: the sets of a thousand lanes fill two cache lines. Bits lie as in
/// for_flagged.
class LaneSet {
 public:
  /// All lanes of a block.
  void fill(int lanes) {
    words_.assign(static_cast<std::size_t>((lanes + kMost - 1) / kMost * kLanesTogether), ~u32{0});
    for (int l = lanes; l % kMost != 0; ++l)  // lanes of the last vector that the block does not have
      words_[static_cast<std::size_t>(l / kMost * kLanesTogether + l % kLanesTogether)] &=
          ~(u32{1} << (l % kMost / kLanesTogether));
  }

  /// Moves the lanes whose flag is not 0 to a set that has no others then.
  ///   flags    a row of a Table
  ///   returns  how many they are
  int move_flagged(const i32* flags, int lanes, LaneSet& to) {
    to.words_.resize(words_.size());
    int count = 0;
    u32* own = words_.data();
    u32* moved = to.words_.data();
    for (int first = 0; first < lanes; first += kMost, own += kLanesTogether, moved += kLanesTogether) {
      const LaneVector<u32> flagged = bits_of(flags + first, std::min(kMost, lanes - first));
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
    for (std::size_t w = 0; w < words_.size(); ++w) {
      const auto word = static_cast<int>(w);
      for (u32 left = words_[w]; left != 0; left &= left - 1)
        visit(word / kLanesTogether * kMost + std::countr_zero(left) * kLanesTogether +
              word % kLanesTogether);
    }
  }

  /// Writes the set as a column of 0 and 1.
  ///   flags  a row of a Table
  void spread(int lanes, i32* flags) const {
    const u32* own = words_.data();
    for (int first = 0; first < lanes; first += kMost, own += kLanesTogether) {
      LaneVector<u32> members;
      load_lanes(members, own);
      const int last = std::min(first + kMost, lanes);
      for (int l = first; l < last; l += kLanesTogether, members >>= 1)
        store_lanes(flags + l, (LaneVector<i32>)(members & 1));
    }
  }

 private:
  static constexpr int kMost = 32 * kLanesTogether;  // lanes of one vector of words

  static LaneVector<u32> bits_of(const i32* flags, int lanes) {
    LaneVector<u32> bits = {};
    u32 bit = 1;
    for (int l = 0; l < lanes; l += kLanesTogether, bit <<= 1) {
      LaneVector<i32> own;
      load_lanes(own, flags + l);
      bits |= (LaneVector<u32>)(own != 0) & bit;
    }
    return bits;
  }

  std::vector<u32> words_;
};

}  // namespace windtunnel

#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <span>

#include "windtunnel/core/lane_vectors.hpp"
#include "windtunnel/core/types.hpp"

/// Columns of 0 and 1 as bits: lane l is bit l % 64 of word l / 64.
namespace windtunnel {

inline constexpr std::size_t kLanesOfWord = 64;

/// The lowest bits of a column, as one word for every 64 lanes.
///   words  shape [ceil(lanes / 64)]
template <class T>
void pack_bits(std::span<const T> column, u64* words) {
  const auto pack = [](const T* __restrict lanes, u64 count) {
    u64 word = 0;
    for (u64 l = 0; l < count; ++l) word |= (static_cast<u64>(lanes[l]) & 1) << l;
    return word;
  };
  std::size_t first = 0;
  for (; first + kLanesOfWord <= column.size(); first += kLanesOfWord)  // a known count becomes vectors
    words[first / kLanesOfWord] = pack(column.data() + first, kLanesOfWord);
  if (first < column.size()) words[first / kLanesOfWord] = pack(column.data() + first, column.size() - first);
}

/// Words that hold the bits of `lanes` lanes.
inline std::size_t words_of(int lanes) {
  return (static_cast<std::size_t>(lanes) + kLanesOfWord - 1) / kLanesOfWord;
}

/// Calls visit(lane) for every lane whose flag is 1, in no order. Lanes that are kLanesTogether apart are
/// bits of one word, so that flags become bits without crossing lanes.
///   flags  a row of a Table, of 0 and 1; 0 beyond the lanes up to a multiple of kLanesTogether
template <class Visit>
void for_flagged(const i32* flags, int lanes, Visit visit) {
  constexpr int kMost = 32 * kLanesTogether;
  for (int first = 0; first < lanes; first += kMost) {
    LaneVector<i32> own;
    LaneVector<u32> bits = {};
    const int last = std::min(first + kMost, lanes);
    for (int l = first; l < last; l += kLanesTogether) {
      load_lanes(own, flags + l);
      bits |= (LaneVector<u32>)own << static_cast<u32>((l - first) / kLanesTogether);
    }
    u32 words[kLanesTogether];
    store_lanes(words, bits);
    for (int i = 0; i < kLanesTogether; ++i)
      for (u32 left = words[i]; left != 0; left &= left - 1)
        visit(first + std::countr_zero(left) * kLanesTogether + i);
  }
}

}  // namespace windtunnel

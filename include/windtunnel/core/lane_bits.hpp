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

/// Lanes of one vector of words, in which those that are kLanesTogether apart are bits of one word: so flags
/// become bits without crossing lanes.
inline constexpr int kLanesOfVector = 32 * kLanesTogether;

/// Which of the flags are not 0, as one vector of words.
///   flags  of a row of a Table; what lies beyond the lanes up to a multiple of kLanesTogether has bits, too
///   lanes  at most kLanesOfVector
inline LaneVector<u32> flagged_bits(const i32* flags, int lanes) {
  LaneVector<u32> bits = {};
  u32 bit = 1;
  for (int l = 0; l < lanes; l += kLanesTogether, bit <<= 1) {
    LaneVector<i32> own;
    load_lanes(own, flags + l);
    bits |= (LaneVector<u32>)(own != 0) & bit;
  }
  return bits;
}

/// Calls visit(lane) for every bit of one vector of words, in no order.
///   first  lane of the lowest bit
template <class Visit>
void visit_bits(const u32* words, int first, Visit& visit) {
  for (int i = 0; i < kLanesTogether; ++i)
    for (u32 left = words[i]; left != 0; left &= left - 1)
      visit(first + std::countr_zero(left) * kLanesTogether + i);
}

/// Calls visit(lane) for every lane whose flag is not 0, in no order.
///   flags  a row of a Table; 0 beyond the lanes up to a multiple of kLanesTogether
template <class Visit>
void for_flagged(const i32* flags, int lanes, Visit visit) {
  for (int first = 0; first < lanes; first += kLanesOfVector) {
    u32 words[kLanesTogether];
    store_lanes(words, flagged_bits(flags + first, std::min(kLanesOfVector, lanes - first)));
    visit_bits(words, first, visit);
  }
}

}  // namespace windtunnel

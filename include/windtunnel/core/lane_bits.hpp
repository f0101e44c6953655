#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

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

}  // namespace windtunnel

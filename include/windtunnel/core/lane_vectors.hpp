#pragma once

#include <cstring>

#include "windtunnel/core/types.hpp"

/// Sixteen lanes side by side, for loops that a compiler does not turn into vectors by itself. Their number
/// is fixed here, not by the processor; compilers make of them what it has. Rows of a Table may be read and
/// written up to a multiple of sixteen lanes.
namespace windtunnel {

inline constexpr int kLanesTogether = 16;

template <class T>
struct LaneVectorOf {
  typedef T Type __attribute__((vector_size(kLanesTogether * sizeof(T))));
};

/// A vector of sixteen numbers, with the operators of numbers; a comparison gives a vector of whole numbers
/// of the same size, -1 for true, that selects by `?:`.
template <class T>
using LaneVector = typename LaneVectorOf<T>::Type;

template <class T>
void load_lanes(LaneVector<T>& to, const T* from) {
  std::memcpy(&to, from, sizeof(to));
}

template <class T>
void store_lanes(T* to, const LaneVector<T>& from) {
  std::memcpy(to, &from, sizeof(from));
}

}  // namespace windtunnel

#pragma once

#include <cstring>

#include "windtunnel/core/types.hpp"

/// Lanes side by side, for loops that a compiler does not turn into vectors by itself. What is computed of a
/// lane does not depend on its company, nor on how many there are. Rows of a Table, which fill whole cache
/// lines, may be read and written up to a multiple of kLanesTogether lanes.
namespace windtunnel {

/// Numbers of four bytes in one register: of wider vectors g++ 12 would select element by element.
#if defined(__AVX512F__)
inline constexpr int kLanesTogether = 16;
#elif defined(__AVX2__)
inline constexpr int kLanesTogether = 8;
#else
inline constexpr int kLanesTogether = 4;
#endif

template <class T>
struct LaneVectorOf {
  static_assert(sizeof(T) == 4);
  typedef T Type __attribute__((vector_size(kLanesTogether * sizeof(T))));
};

/// A vector of numbers of four bytes, with the operators of numbers; a comparison gives a vector of whole
/// numbers, -1 for true, that selects by `?:`.
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

#pragma once

#include "windtunnel/core/independent.hpp"
#include "windtunnel/core/types.hpp"
#include "windtunnel/data/table.hpp"

/// Reading and writing the one arm of every lane that has changed.
namespace windtunnel {

namespace changed_arm_detail {

template <class T>
void pick_row(i32 arm, const i32* __restrict changed, const T* __restrict from, T* __restrict to, int lanes) {
  for (int l = 0; l < lanes; ++l) to[l] = changed[l] == arm ? from[l] : to[l];
}

template <class T>
void look_up(const i32* __restrict changed, const T* __restrict table, i32 stride, T* __restrict to,
             int lanes) {
  for (int l = 0; l < lanes; ++l) to[l] = table[changed[l] * stride + l];
}

template <class T>
void put_row(i32 arm, const i32* __restrict changed, const T* __restrict from, T* __restrict to, int lanes) {
  for (int l = 0; l < lanes; ++l) to[l] = changed[l] == arm ? from[l] : to[l];
}

template <class T>
void store_at(const i32* __restrict changed, const T* __restrict from, T* __restrict table, i32 stride,
              int lanes) {
  for (int l = 0; l < lanes; ++l) table[changed[l] * stride + l] = from[l];
}

}  // namespace changed_arm_detail

/// to[l] = row_of(changed[l])[l]; rows lie one stride apart.
///   few  up to so many arms all rows are passed over; beyond, every lane looks up its own
template <class T, class RowOf>
void pick_changed(int arms, int few, const i32* changed, RowOf row_of, T* to, int lanes) {
  if (arms <= few) {
    for (i32 arm = 0; arm < arms; ++arm)
      changed_arm_detail::pick_row<T>(arm, changed, row_of(arm), to, lanes);
    return;
  }
  const auto stride = static_cast<i32>(row_of(1) - row_of(0));
  changed_arm_detail::look_up<T>(changed, row_of(0), stride, to, lanes);
}

/// table[changed[l]][l] = from[l]
template <class T>
void put_changed(int arms, int few, const i32* changed, const T* from, Table<T>& table) {
  if (arms <= few) {
    for (i32 arm = 0; arm < arms; ++arm)
      changed_arm_detail::put_row(arm, changed, from, table.row(arm), table.lanes());
    return;
  }
  changed_arm_detail::store_at(changed, from, table.row(0), static_cast<i32>(table.stride()), table.lanes());
}

}  // namespace windtunnel

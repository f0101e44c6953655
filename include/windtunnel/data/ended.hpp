#pragma once

#include <span>

#include "windtunnel/core/independent.hpp"
#include "windtunnel/core/types.hpp"

namespace windtunnel {

/// The lanes whose experiments end at one look. Most looks end few lanes and the last one ends most, so the
/// same kernel runs over a list or, in vectors, over the whole block: a good part of its lanes pays for that.
class EndedLanes {
 public:
  /// Lanes in any order.
  explicit EndedLanes(std::span<const int> list) : list_(list) {}

  ///   mask  [lane] of 0 and 1
  EndedLanes(const i32* mask, int lanes) : mask_(mask), lanes_(lanes) {}

  /// Calls `visit(lane)` for every lane that ends, and no other: for what vectors cannot do.
  template <class Visit>
  void one_by_one(Visit visit) const {
    for (int l : list_) visit(l);
    for (int l = 0; l < lanes_; ++l)
      if (mask_[l] != 0) visit(l);
  }

  /// Calls `kernel(lane, put)` for every lane that ends; it writes by `put(slot, value)` alone. It may be
  /// called for other lanes too, whose slots then keep their values, so it reads no more than their columns.
  template <class Kernel>
  void each(Kernel kernel) const {
    if (mask_ == nullptr) {
      for (int l : list_) kernel(l, [](auto& slot, auto value) { slot = value; });
      return;
    }
    const i32* mask = mask_;
    const int lanes = lanes_;
    WINDTUNNEL_INDEPENDENT
    for (int l = 0; l < lanes; ++l)
      kernel(l, [ends = mask[l]](auto& slot, auto value) { slot = ends != 0 ? value : slot; });
  }

 private:
  std::span<const int> list_;
  const i32* mask_ = nullptr;
  int lanes_ = 0;
};

}  // namespace windtunnel

#pragma once

#include <span>

#include "windtunnel/data/observed.hpp"

namespace windtunnel {

/// What a strategy sees of a block: one picture of the data, or one in every panel (see Lens::panels). The
/// pictures belong to somebody else.
class Sight {
 public:
  /// One picture is a sight, too.
  Sight(const Observed& picture) : picture_(&picture) {}

  ///   pictures  [panel]
  explicit Sight(std::span<const Observed* const> pictures) : pictures_(pictures) {}

  int panels() const { return picture_ != nullptr ? 1 : static_cast<int>(pictures_.size()); }

  const Observed& panel(int index) const {
    return picture_ != nullptr ? *picture_ : *pictures_[static_cast<std::size_t>(index)];
  }

 private:
  const Observed* picture_ = nullptr;
  std::span<const Observed* const> pictures_;
};

}  // namespace windtunnel

#pragma once

#include <vector>

#include "windtunnel/core/types.hpp"
#include "windtunnel/data/table.hpp"

namespace windtunnel {

/// How many of a step's users each arm gets.
struct Allocation {
  /// `shared`: the same counts in every lane. `counts`: per lane.
  enum class Kind { shared, counts };

  Kind kind = Kind::shared;
  std::vector<i64> shared;  ///< [arm], when shared
  Table<i32> counts;        ///< [arm][lane], otherwise
};

}  // namespace windtunnel

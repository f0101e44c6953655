#pragma once

#include "windtunnel/core/types.hpp"

namespace windtunnel {

/// When a block is looked at, and which replications it holds: the address of whatever is drawn by those who
/// look.
struct Moment {
  u64 first_replication = 0;
  int step = 0;  ///< Step::index
  int day = 0;   ///< Step::day
};

}  // namespace windtunnel

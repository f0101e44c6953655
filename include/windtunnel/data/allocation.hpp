#pragma once

#include <algorithm>
#include <vector>

#include "windtunnel/core/types.hpp"
#include "windtunnel/data/table.hpp"

namespace windtunnel {

/// How many of a step's users each arm gets.
struct Allocation {
  /// `shared`: the same counts in every lane. `counts`: per lane. `arm`: one user, whose arm every lane has
  /// for itself.
  enum class Kind { shared, counts, arm };

  Kind kind = Kind::shared;
  std::vector<i64> shared;  ///< [arm], when shared
  Table<i32> counts;        ///< [arm][lane], when counts
  Table<i32> arm;           ///< [0][lane], when arm
  Table<double> chances =
      {};  ///< [arm][lane] probability of the arm for a user of the step, where it is told

  /// Writes an allocation of any kind as counts.
  ///   to  may be this allocation itself
  void spread(int arms, int lanes, Allocation& to) const {
    if (to.counts.rows() != arms || to.counts.lanes() != lanes) to.counts.assign(arms, lanes);
    const bool is_new = kind != Kind::counts || &to != this;
    for (int a = 0; a < arms && is_new; ++a) {
      i32* users = to.counts.row(a);
      if (kind == Kind::shared)
        std::fill_n(users, lanes, static_cast<i32>(shared[static_cast<std::size_t>(a)]));
      else if (kind == Kind::counts)
        std::copy_n(counts.row(a), lanes, users);
      else
        for (int l = 0; l < lanes; ++l) users[l] = arm.row(0)[l] == a ? 1 : 0;
    }
    to.kind = Kind::counts;
  }
};

}  // namespace windtunnel

#pragma once

#include <vector>

#include "windtunnel/core/fields.hpp"
#include "windtunnel/core/schedule.hpp"

namespace windtunnel {

/// What all policies that learn have in common: when they apply what they have learned, and how much they
/// explore whatever they have learned. Visited by the `describe` of each of them.
struct Learning {
  Schedule rounds{.kind = Schedule::Kind::every_users, .every = 1, .from = 0, .times = {}, .count = 0};
  double floor = 0;  ///< least share of the users of every arm: a user is allocated evenly with probability
                     ///< arms * floor, else as the policy says
  i64 burn_in = 0;   ///< the first users, so many per arm, get the arms in turn

  void describe(Fields& fields);

  /// Equal shares, which is what the team plans with: nobody knows which arm will lead.
  ///   throws  InputError when so many arms cannot have the floor
  std::vector<double> planned_shares(int arms) const;
};

}  // namespace windtunnel

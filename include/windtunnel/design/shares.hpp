#pragma once

#include <span>
#include <vector>

#include "windtunnel/core/types.hpp"

namespace windtunnel {

/// Users of each arm when `users` users are split as evenly as whole numbers allow (method of largest
/// remainders, Hamilton's): the floor of every quota, then one more to the largest remainders, ties to the
/// lower index.
///   shares   [arm], sum 1; remainders closer than 2^-31 are a tie, so that 0.1 and 0.3 behave as written
///   returns  [arm], sum `users`
std::vector<i64> largest_remainder(std::span<const double> shares, i64 users);

/// Users of each arm on the way from one moment to the next: `after` minus `before`, both largest remainders.
/// Where that would take users back (Alabama paradox, Balinski & Young 1975), the arm keeps what it has and
/// the most over-served of the others wait.
///   before   [arm] users so far; advanced to the new moment
///   users    users over all arms at the new moment
///   returns  [arm], not negative
std::vector<i64> next_users(std::span<const double> shares, i64 users, std::vector<i64>& before);

}  // namespace windtunnel

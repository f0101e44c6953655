#pragma once

#include <string>

#include "windtunnel/design/strategy.hpp"
#include "windtunnel/world/world.hpp"

namespace windtunnel {

/// What a strategy is expected to see, at a look, of the users exposed by then.
struct FollowUp {
  double users = 1;  ///< share of them that it analyses: all, or those it has waited for
  double known = 1;  ///< share of these whose outcomes are known
};

/// What it sees once `users` users have come.
FollowUp follow_up(const Strategy& strategy, const World& world, i64 users);

/// Why a first look after `users` users comes too early, in a sentence: nobody has had the time the strategy
/// waits for, or hardly an outcome can be known. Empty where it does not.
std::string early_look(const Strategy& strategy, i64 users, const World& world);

}  // namespace windtunnel

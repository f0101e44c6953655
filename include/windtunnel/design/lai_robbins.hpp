#pragma once

#include <span>

namespace windtunnel {

/// What the regret of a policy that is good in all worlds of Bernoulli arms comes to, divided by the logarithm
/// of the users, in the limit of many: the sum over worse arms of gap / kl(arm, best arm). Context only: at a
/// finite horizon it bounds nothing, neither from below nor from above.
///   rates    [arm], each in [0, 1]
///   returns  0 if no arm is worse; arms that the best one, with rate 1, rules out at once add nothing
///   source   Lai & Robbins (1985), Adv. Appl. Math. 6:4, theorem 1
double lai_robbins_constant(std::span<const double> rates);

}  // namespace windtunnel

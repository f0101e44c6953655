#pragma once

#include <memory>

#include "chooser.hpp"

namespace windtunnel {

/// Thompson sampling between two arms of 0 and 1 without any posterior draw: the first arm gets a user with
/// probability g = P(theta_0 > theta_1). With Beta(a, b) and Beta(c, d) posteriors and
/// h = B(a + c, b + d) / (B(a, b) B(c, d)), one more user of x = a, b, c or d changes g by +h/x (a, d) or
/// -h/x (b, c) and h by the factor m n / (x T): m = a + c or b + d, what x counts in both arms, n = a + b or
/// c + d, of its arm, T = a + b + c + d.
///   error   absolute 1e-10 in g after a million users
///   source  Cook (2005), Exact calculation of beta inequalities, section 3
std::unique_ptr<Chooser> make_thompson_pair(int lanes);

}  // namespace windtunnel

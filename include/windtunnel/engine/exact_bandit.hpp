#pragma once

#include <array>
#include <vector>

#include "windtunnel/design/policy.hpp"

namespace windtunnel {

/// What a policy comes to with two arms of outcomes 0 and 1, without any chance.
struct ExactBandit {
  std::vector<double> regret;  ///< [users] expected regret after 0, 1, ... users
  std::array<double, 2>
      arm_mean;  ///< [arm] expected mean of its outcomes at the end, given that it had users
};

/// Dynamic programming forward over all totals (users and successes of both arms): the policy itself tells
/// its chances, with totals in the place of replications. The policy learns after every user.
///   users   at most 200: there are about users^4 / 24 totals on the way
///   throws  std::invalid_argument when the policy is no such, or users are too many
ExactBandit exact_bandit(const Policy& policy, std::array<double, 2> rates, int users);

/// Expected successes of the best policy there is for two arms with uniform priors: no policy can exceed
/// them.
///   users   at most 200
///   source  Bradt, Johnson & Karlin (1956), Ann. Math. Statist. 27:1060: backward induction
double bayes_optimal_successes(int users);

}  // namespace windtunnel

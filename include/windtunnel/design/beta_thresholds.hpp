#pragma once

#include <vector>

#include "windtunnel/core/types.hpp"
#include "windtunnel/design/posterior.hpp"

namespace windtunnel {

/// Which of two arms has P(best) > c, as integer thresholds on the treatment's successes: what the exact
/// posterior probability says, at every point of the lattice, for the price of two comparisons.
struct BetaThresholds {
  i32 control_users, treatment_users;
  std::vector<i32> better_from;  ///< [control's successes] treatment is best iff its successes are >= this
  std::vector<i32>
      worse_below;  ///< [control's successes] control is best iff treatment's successes are < this
};

/// Walks along the two boundaries with O(1) work per step: when X ~ Beta(a, b), Y ~ Beta(c, d), g = P(X > Y)
/// and h = B(a+c, b+d) / (B(a, b) B(c, d)), one more success of X instead of a failure, (a, b) -> (a+1, b-1),
/// adds h (a+b+c+d-1) / (a (b+d-1)) to g and multiplies h by (a+c)(b-1) / (a (b+d-1)); the same of Y, with c
/// and d in place of a and b, subtracts. Rounding is swept out every thousand steps, and what comes within
/// 1e-8 of the threshold is decided by `probability_better`.
///   prior      of either arm
///   threshold  c, in (.5, 1)
///   source     recurrence of Cook (2005), "Exact calculation of beta inequalities", sections 2 and 3
BetaThresholds solve_beta_thresholds(BetaPosterior prior, i32 control_users, i32 treatment_users,
                                     double threshold);

}  // namespace windtunnel

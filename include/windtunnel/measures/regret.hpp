#pragma once

#include <memory>

#include "windtunnel/measures/measure.hpp"

namespace windtunnel {

/// Sum over the users of days + rollout_days of the best mean of the moment minus the mean of the arm served:
/// population means, with transients. Exactly 0 where all means are equal.
std::unique_ptr<Measure> make_regret();

/// The same over the first 1, 2, 5, 10, ... users and over all.
std::unique_ptr<Measure> make_regret_curve();

/// Share of the users of days + rollout_days who were served an arm that was best at that moment; absent
/// where all means are equal.
std::unique_ptr<Measure> make_best_arm_share();

}  // namespace windtunnel

#pragma once

#include <memory>

#include "windtunnel/measures/measure.hpp"

namespace windtunnel {

/// What a rejection says of an effect, given rejected: with the estimate d and its estimand D != 0, the
/// lasting effect of the arm it speaks of unless the test estimates something else. Absent where nothing has
/// an effect, when D = 0 or fewer than 2 replications reject.
///   source  Gelman & Carlin (2014), Perspectives on Psychological Science 9:641

/// Type M: mean of |d| / |D|.
std::unique_ptr<Measure> make_exaggeration();

/// Type S: share in which d and D have opposite signs.
std::unique_ptr<Measure> make_sign_error();

}  // namespace windtunnel

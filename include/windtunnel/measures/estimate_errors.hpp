#pragma once

#include <memory>

#include "windtunnel/measures/measure.hpp"

namespace windtunnel {

/// The estimate at the end minus its estimand: of the arm it speaks of (the shipped one, else the leading
/// one), the lasting effect, or what else the strategy's test estimates (Estimand). Replications without any
/// evidence (Endings::estimate) have no estimate and do not count.

/// Mean of that difference.
std::unique_ptr<Measure> make_estimate_bias();

/// Root of the mean of its square; error by the delta method.
std::unique_ptr<Measure> make_estimate_rmse();

/// Mean of the estimate itself, given that its treatment is shipped.
std::unique_ptr<Measure> make_estimate_given_ship();

}  // namespace windtunnel

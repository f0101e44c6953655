#pragma once

#include <memory>

#include "windtunnel/measures/measure.hpp"

namespace windtunnel {

/// Users exposed until the end of the experiment, all arms.
std::unique_ptr<Measure> make_mean_users();

/// Calendar days begun until the end of the experiment.
std::unique_ptr<Measure> make_mean_days();

}  // namespace windtunnel

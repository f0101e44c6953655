#pragma once

#include <memory>

#include "windtunnel/measures/measure.hpp"

namespace windtunnel {

/// Expected sum of the outcomes of all visits of the users of days + rollout_days, as they were served:
/// population means, with transients. Always serving the best arm less the regret (more, where less is
/// better).
std::unique_ptr<Measure> make_total_value();

}  // namespace windtunnel

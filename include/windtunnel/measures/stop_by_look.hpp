#pragma once

#include <memory>

#include "windtunnel/measures/measure.hpp"

namespace windtunnel {

/// Share of replications that the criterion has stopped by look k = 1, 2, ...; an end forced by the horizon
/// does not count. Of more than 200 looks, 200 evenly spaced ones are kept, the last among them.
std::unique_ptr<Measure> make_stop_by_look();

}  // namespace windtunnel

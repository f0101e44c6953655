#pragma once

#include "windtunnel/engine/experiment.hpp"

namespace windtunnel {

/// Work of one replication of an experiment, all strategies together, about: values and totals drawn or gone
/// over. A number of the experiment alone, so that what it decides is the same on every machine.
double work_per_replication(const Experiment& experiment);

}  // namespace windtunnel

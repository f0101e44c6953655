#pragma once

#include "findings.hpp"
#include "windtunnel/engine/experiment.hpp"

namespace windtunnel {

/// endless_exploration: policies that apply nothing they learn, because no round begins after the users who
/// get the arms in turn and before the last one.
void lint_exploration(const GridPoint& point, const Experiment& experiment, const StreamGroup& group,
                      Findings& findings);

}  // namespace windtunnel

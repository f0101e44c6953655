#pragma once

#include "lint_promises.hpp"

namespace windtunnel {

/// Policies of which no user comes after those who get the arms in turn, for whom these explore.
void lint_exploration(const GridPoint& point, const Experiment& experiment, const StreamGroup& group,
                      Findings& findings);

}  // namespace windtunnel

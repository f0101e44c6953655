#pragma once

#include <string>

#include "scenario_input.hpp"

namespace windtunnel {

/// What theory says of a scenario's worlds, whatever strategy is tried in them.
std::string explain_scenario(const LoadedScenario& loaded);

}  // namespace windtunnel

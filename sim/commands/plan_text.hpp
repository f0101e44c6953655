#pragma once

#include <string>

#include "scenario_input.hpp"

namespace windtunnel {

/// What `check` says of a scenario before its cost: its size; for every stream its steps, the path it takes
/// and why; for every strategy its test and looks.
std::string plan_text(const LoadedScenario& loaded);

/// A title and lines of text beside it, broken to fit a terminal.
std::string plan_line(const char* title, const std::string& text);

}  // namespace windtunnel

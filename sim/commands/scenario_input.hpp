#pragma once

#include <string>
#include <vector>

#include "command.hpp"
#include "windtunnel/engine/study.hpp"

namespace windtunnel {

/// A scenario named on the command line, read and compiled.
struct LoadedScenario {
  std::string file;  ///< for messages; "stdin" for "-"
  Scenario scenario;
  Study study;
  double planning_seconds = 0;  ///< that compiling it took
};

/// What --replications, --seed, --precision and --set change.
///   throws  UsageError
Overrides overrides_of(const Arguments& arguments);

/// Reads and compiles every file; "-" is standard input, named `stdin`.
///   throws  RefusedInput with all problems of all files
std::vector<LoadedScenario> load_scenarios(const std::vector<std::string>& files, const Overrides& overrides);

/// The one scenario of a command that takes one.
LoadedScenario load_scenario(const Arguments& arguments);

}  // namespace windtunnel

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "windtunnel/engine/experiment.hpp"

namespace windtunnel {

/// A scenario compiled: every experiment that has to be run, and which cells of the grid each stands for.
struct Study {
  struct Cell {
    int grid = 0;  ///< index into Scenario::grid
    MeasureSetting::Cell kind = MeasureSetting::Cell::null;
    int experiment = 0;  ///< index into experiments; equal null twins share one
  };

  std::vector<std::unique_ptr<const Experiment>> experiments;
  std::vector<Cell> cells;             ///< by grid point, null before effect
  const Registry* registry = nullptr;  ///< that it was compiled with
};

/// Compiles a scenario: null twin and effect at every grid point (the null twin alone where there is no
/// effect, `drawn` alone where effects are drawn per replication).
///   throws  InputError when parts do not fit together
Study compile(const Scenario& scenario, const Registry& registry, EngineOptions options = {});

/// Kinds of cells a grid point asks for, in the order of output.
///   throws  InputError when a mean leaves the outcome's legal range
std::vector<MeasureSetting::Cell> cells_of(const WorldSpec& world, bool null_twin);

}  // namespace windtunnel

#include "windtunnel/engine/study.hpp"

#include <map>

#include "windtunnel/core/error.hpp"

namespace windtunnel {

using Kind = MeasureSetting::Cell;

std::vector<Kind> cells_of(const WorldSpec& world, bool null_twin) {
  const World truth(world, 0, World::Twin::none);  // no draw is made: any seed will do
  if (truth.effects_are_drawn()) return {Kind::drawn};
  if (truth.all_effects_zero()) return {Kind::null};
  return null_twin ? std::vector<Kind>{Kind::null, Kind::effect} : std::vector<Kind>{Kind::effect};
}

Study compile(const Scenario& scenario, const Registry& registry, EngineOptions options) {
  Study study;
  study.registry = &registry;
  Problems problems;
  std::map<std::string, int> twins;
  for (std::size_t g = 0; g < scenario.grid.size(); ++g) {
    const GridPoint& point = scenario.grid[g];
    for (Kind kind : cells_of(point.world, scenario.null_twin)) {
      int experiment = static_cast<int>(study.experiments.size());
      if (kind == Kind::null) experiment = twins.try_emplace(point.null_text, experiment).first->second;
      if (experiment == static_cast<int>(study.experiments.size()))
        problems.gather("", [&] {
          study.experiments.push_back(
              std::make_unique<const Experiment>(point, scenario.seed, kind, registry, options));
        });
      study.cells.push_back({static_cast<int>(g), kind, experiment});
    }
  }
  problems.tell();
  return study;
}

}  // namespace windtunnel

#include "windtunnel/engine/result.hpp"

#include <algorithm>

#include "windtunnel/engine/lint.hpp"

namespace windtunnel {

std::vector<MeasuredCell> measured_cells(const Study& study, const Progress& progress) {
  std::vector<MeasuredCell> cells;
  for (const Study::Cell& cell : study.cells) {
    const auto e = static_cast<std::size_t>(cell.experiment);
    const CellTally& layout = study.experiments[e]->layout();
    MeasuredCell measured{cell.grid, cell.kind, {}, layout.read_pairs(progress.tallies[e])};
    for (std::size_t s = 0; s < study.experiments[e]->strategies().size(); ++s)
      measured.strategies.push_back(layout.read(progress.tallies[e], static_cast<int>(s)));
    cells.push_back(std::move(measured));
  }
  return cells;
}

Result measure(const Scenario& scenario, const Study& study, const Progress& progress) {
  Result result;
  result.replications = progress.done.count();
  result.cells = measured_cells(study, progress);
  result.expectations = judge_expectations(scenario, result.cells);
  result.lints = lint(scenario, study);
  return result;
}

const Value* find_value(const MeasuredCell& cell, int strategy, const std::string& measure,
                        const std::string& at) {
  for (const MeasureValues& measured : cell.strategies[static_cast<std::size_t>(strategy)]) {
    if (measured.measure != measure) continue;
    const auto found = std::find_if(measured.values.begin(), measured.values.end(),
                                    [&](const Value& value) { return at.empty() || value.at == at; });
    return found == measured.values.end() ? nullptr : &*found;
  }
  return nullptr;
}

}  // namespace windtunnel

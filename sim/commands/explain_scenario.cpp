#include "explain_scenario.hpp"

#include <fmt/format.h>

#include "plan_text.hpp"
#include "windtunnel/design/lai_robbins.hpp"
#include "windtunnel/report/number_format.hpp"

namespace windtunnel {

namespace {

/// True means of the arms after all transients, of replications that are all alike.
std::vector<double> means_of(const Experiment& experiment) {
  Truth truth;
  experiment.world().reveal(0, 1, truth);
  std::vector<double> means;
  for (int arm = 0; arm < truth.arms; ++arm)
    means.push_back(truth.mean.row(truth.row(truth.epochs - 1, arm))[0]);
  return means;
}

std::string limit_text(const GridPoint& point, const Experiment& experiment) {
  std::vector<double> rates = means_of(experiment);
  std::vector<std::string> shown;
  for (double rate : rates) shown.push_back(plain_text(rate));
  if (point.world.better == Better::lower)
    for (double& rate : rates) rate = 1 - rate;
  return fmt::format(
      "arms {}: {:.5f} ln(users) is what the regret of a bandit that is good in all worlds comes to, in the "
      "limit of many users (Lai & Robbins 1985). Context only: at a finite horizon regret can be less or "
      "more",
      fmt::join(shown, ", "), lai_robbins_constant(rates));
}

}  // namespace

std::string explain_scenario(const LoadedScenario& loaded) {
  std::string text = loaded.scenario.name + "\n";
  for (const Study::Cell& cell : loaded.study.cells) {
    const Experiment& experiment = *loaded.study.experiments[static_cast<std::size_t>(cell.experiment)];
    const GridPoint& point = loaded.scenario.grid[static_cast<std::size_t>(cell.grid)];
    if (cell.kind == MeasureSetting::Cell::null) continue;
    const bool is_binary = point.world.outcome->offers().has(Channel::successes);
    const bool is_known = experiment.world().truth_kind() == Truth::Kind::shared;
    text += plan_line("regret", is_binary && is_known
                                    ? limit_text(point, experiment)
                                    : "a limit is known where outcomes are 0 or 1 and means are not drawn");
  }
  return text;
}

}  // namespace windtunnel

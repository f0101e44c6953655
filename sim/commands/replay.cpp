#include <fmt/format.h>

#include <algorithm>

#include "replay_text.hpp"
#include "scenario_input.hpp"
#include "terminal.hpp"
#include "windtunnel/core/error.hpp"
#include "windtunnel/report/number_format.hpp"
#include "windtunnel/report/text_layout.hpp"

namespace windtunnel {

namespace {

using Wanted = Search::Wanted;

std::optional<Wanted> wanted(const Arguments& arguments) {
  const auto what = arguments.text("find");
  if (!what) return std::nullopt;
  return *what == "ship" ? Wanted::ship : *what == "reject" ? Wanted::reject : Wanted::wrong_ship;
}

/// The cell of the sweep's first point that was asked for; else the one with an effect, or for wrong ships,
/// of which there are most without one, the null.
const Study::Cell& chosen_cell(const Study& study, const Arguments& arguments) {
  std::vector<const Study::Cell*> cells;
  std::vector<std::string> names;
  for (const Study::Cell& cell : study.cells)
    if (cell.grid == 0) {
      cells.push_back(&cell);
      names.emplace_back(cell_name(cell.kind));
    }
  const auto asked = arguments.text("cell");
  if (!asked) return wanted(arguments) == Wanted::wrong_ship ? *cells.front() : *cells.back();
  const auto found = std::find(names.begin(), names.end(), *asked);
  if (found == names.end())
    throw UsageError(
        fmt::format("--cell: this scenario has no cell '{}' (it has {})", *asked, fmt::join(names, ", ")));
  return *cells[static_cast<std::size_t>(found - names.begin())];
}

/// Index of the strategy that was asked for; -1 without any.
int chosen_strategy(const Experiment& experiment, const Arguments& arguments) {
  const auto asked = arguments.text("strategy");
  if (!asked) return -1;
  std::vector<std::string> names;
  for (const StrategyPlan& plan : experiment.strategies()) names.push_back(plan.name);
  const auto found = std::find(names.begin(), names.end(), *asked);
  if (found != names.end()) return static_cast<int>(found - names.begin());
  const std::string hint = did_you_mean(*asked, names);
  throw UsageError(fmt::format("--strategy: there is no '{}' (there are {}){}", *asked,
                               fmt::join(names, ", "),
                               hint.empty() ? "" : fmt::format("; did you mean '{}'?", hint)));
}

/// The first replication in [first, end) that ends as wanted under the strategy.
std::optional<i64> find(const Experiment& experiment, int strategy, Wanted what, i64 first, i64 end) {
  constexpr i64 kTogether = 4096;
  Search search(experiment, strategy, what);
  Tally tally = experiment.empty_tally();
  for (; first < end && !search.found(); first += kTogether)
    experiment.run({first, std::min(kTogether, end - first)}, tally, &search);
  return search.found();
}

std::string heading(const Scenario& scenario, const Study::Cell& cell, i64 replication,
                    const Witness& witness) {
  const GridPoint& point = scenario.grid.front();
  std::string text = fmt::format("{} · {} cell · replication {} of seed {}\n", scenario.name,
                                 cell_name(cell.kind), replication, scenario.seed);
  if (scenario.grid.size() > 1)
    text += fmt::format("at the first of {} points of the sweep\n", scenario.grid.size());
  const auto outcomes =
      witness.looks(0).empty() ? LookNote::Outcomes::other : witness.looks(0).front().outcomes;
  std::vector<std::string> means;
  for (std::size_t arm = 0; arm < witness.means().size(); ++arm)
    means.push_back(
        fmt::format("{} {}", printable(point.world.arms[arm]), outcome_text(witness.means()[arm], outcomes)));
  constexpr int kWidth = 100;
  for (const std::string& line : wrapped(fmt::format("truth: {}", fmt::join(means, ", ")), kWidth, 2))
    text += line + "\n";
  return text;
}

}  // namespace

int execute_replay(const Arguments& arguments) {
  const LoadedScenario loaded = load_scenario(arguments);
  const Scenario& scenario = loaded.scenario;
  const Study::Cell& cell = chosen_cell(loaded.study, arguments);
  const Experiment& experiment = *loaded.study.experiments[static_cast<std::size_t>(cell.experiment)];
  const int strategy = chosen_strategy(experiment, arguments);
  i64 replication = arguments.whole("replication", 0, kMostReplications - 1).value_or(0);
  if (const auto what = wanted(arguments)) {
    if (replication >= scenario.replications)
      throw UsageError(
          fmt::format("--replication: {} is none of the replications 0 to {}, among which --find looks",
                      grouped(replication), grouped(scenario.replications - 1)));
    const auto found = find(experiment, std::max(strategy, 0), *what, replication, scenario.replications);
    if (!found) {
      fmt::print(stderr, "windtunnel: none of the replications {} to {} ends so under '{}' in cell {}\n",
                 grouped(replication), grouped(scenario.replications - 1),
                 experiment.strategies()[static_cast<std::size_t>(std::max(strategy, 0))].name,
                 cell_name(cell.kind));
      return kExpectationFailed;
    }
    replication = *found;
  }
  Witness witness(experiment);
  Tally tally = experiment.empty_tally();
  experiment.run({replication, 1}, tally, &witness);
  std::string text = heading(scenario, cell, replication, witness);
  for (int s = 0; s < static_cast<int>(experiment.strategies().size()); ++s)
    if (strategy < 0 || s == strategy)
      text += "\n" + replay_text(witness, s, experiment.strategies()[static_cast<std::size_t>(s)],
                                 scenario.grid.front());
  fmt::print("{}", encoded(text));
  return kGood;
}

}  // namespace windtunnel

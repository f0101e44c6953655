#include "windtunnel/report/report.hpp"

#include <algorithm>
#include <cmath>

#include "world_sentence.hpp"

namespace windtunnel {

namespace {

using Cell = MeasureSetting::Cell;

/// Whether a strategy looks for differences towards the better side only.
bool is_one_sided(const Json& strategies, const std::string& name) {
  return strategies.value(name, Json::object()).value("alternative", "two_sided") == "one_sided";
}

/// True values of what the strategy's test estimates, [treatment - 1]; empty where they are not known.
///   effects  differences of means
std::vector<double> tested_effects(const MeasureSetting& setting, const std::vector<double>& effects) {
  if (setting.estimand.kind == Estimand::Kind::means) return effects;
  if (!setting.true_values) return {};
  return {setting.true_values->begin() + 1, setting.true_values->end()};
}

/// Whether what the strategy tests for is absent: every effect equals its margin, or one-sided, lies below
/// it.
bool null_holds(const MeasureSetting& setting, const std::vector<double>& effects, bool one_sided) {
  constexpr double kSame = 1e-9;  // margins and effects are products of decimals, each rounded once
  for (std::size_t h = 0; h < effects.size(); ++h) {
    const double margin = h < setting.null_margin.size() ? setting.null_margin[h] : 0;
    const double above = setting.direction * (effects[h] - margin);
    const bool equal = std::fabs(above) <= kSame * std::max(std::fabs(margin), std::fabs(effects[h]));
    if (!equal && !(one_sided && above < 0)) return false;
  }
  return true;
}

Rejection meaning(const MeasureSetting& setting, const std::vector<double>& effects, bool one_sided) {
  if (!setting.tests || setting.cell == Cell::drawn) return Rejection::none;
  const bool has_margin = std::ranges::any_of(setting.null_margin, [](double margin) { return margin != 0; });
  if (setting.cell == Cell::effect)
    return has_margin && !effects.empty() && null_holds(setting, effects, one_sided)
               ? Rejection::false_positive
               : Rejection::power;
  const std::vector<double> zero(static_cast<std::size_t>(setting.arms - 1), 0.0);
  if (!null_holds(setting, zero, one_sided)) return Rejection::power;
  return setting.all_means_equal ? Rejection::false_positive : Rejection::without_lasting_effect;
}

}  // namespace

Report make_report(const Scenario& scenario, const Study& study, const Result& result, i64 asked) {
  const ResolvedScenario resolved(scenario);
  Report report{scenario, result, {}, asked, std::nullopt};
  for (const Study::Cell& cell : study.cells) {
    const GridPoint& point = scenario.grid[static_cast<std::size_t>(cell.grid)];
    const Experiment& experiment = *study.experiments[static_cast<std::size_t>(cell.experiment)];
    const std::vector<double> effects = known_effects(point.world);
    const Json strategies = resolved.part(static_cast<std::size_t>(cell.grid), "strategies");
    CellFacts facts{cell.experiment, {}};
    for (std::size_t s = 0; s < point.strategies.size(); ++s) {
      const MeasureSetting& setting = experiment.settings()[s];
      const bool one_sided = is_one_sided(strategies, point.strategies[s].name);
      facts.strategies.push_back(
          {meaning(setting, tested_effects(setting, effects), one_sided), setting.alpha});
    }
    report.cells.push_back(std::move(facts));
  }
  return report;
}

}  // namespace windtunnel

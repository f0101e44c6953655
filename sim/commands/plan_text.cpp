#include "plan_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "windtunnel/core/json_document.hpp"
#include "windtunnel/report/number_format.hpp"
#include "windtunnel/report/text_layout.hpp"

namespace windtunnel {

namespace {

constexpr int kWidth = 100;

std::string counted(i64 count, const char* one, const char* many) {
  return fmt::format("{} {}", grouped(count), count == 1 ? one : many);
}

/// Kinds of cells, each once, in the order of the study.
std::string cell_kinds(const Study& study) {
  std::vector<std::string> kinds;
  for (const Study::Cell& cell : study.cells)
    if (std::find(kinds.begin(), kinds.end(), cell_name(cell.kind)) == kinds.end())
      kinds.emplace_back(cell_name(cell.kind));
  return fmt::format("{}", fmt::join(kinds, ", "));
}

std::string size_text(const LoadedScenario& loaded) {
  const Study& study = loaded.study;
  const auto strategies = static_cast<i64>(loaded.scenario.grid.front().strategies.size());
  const auto cells = static_cast<i64>(study.cells.size()),
             experiments = static_cast<i64>(study.experiments.size());
  const Experiment& first = *study.experiments.front();
  const Calendar& calendar = first.world().calendar();
  std::string text = fmt::format("{} ({}) × {} × {} in {}", counted(cells, "cell", "cells"),
                                 cell_kinds(study), counted(strategies, "strategy", "strategies"),
                                 counted(calendar.users_after(calendar.experiment_days()), "user", "users"),
                                 counted(calendar.experiment_days(), "day", "days"));
  if (calendar.total_days() > calendar.experiment_days())
    text += fmt::format(", {} with the rollout", grouped(first.horizon().users));
  if (experiments < cells) text += fmt::format("; equal null twins run once: {} cells to run", experiments);
  return text;
}

/// Why the stream can or cannot prepare its draws for all replications at once.
std::string reason(const Experiment& experiment, const StreamGroup& group) {
  if (experiment.world().truth_kind() == Truth::Kind::drawn) return "means are drawn for every replication";
  if (group.allocation != Allocation::Kind::shared)
    return "arms get other numbers of users in every replication";
  if (experiment.world().climate().lag.is_felt())
    return "other numbers of outcomes become known in every replication";
  if (experiment.world().returns().probability() > 0) return "other users return in every replication";
  return "users and means are the same in every replication";
}

std::string stream_text(const Scenario& scenario, const Experiment& experiment, const StreamGroup& group) {
  const auto& strategies = scenario.grid.front().strategies;
  const Strategy& first = strategies[static_cast<std::size_t>(group.strategies.front())];
  const std::string policy = Json::parse(first.policy_text).value("type", "");
  const auto steps = static_cast<i64>(group.timeline.steps().size());
  const bool learns = first.policy->learning() != nullptr;
  std::vector<std::string> readers;
  for (int s : group.strategies)
    readers.push_back("'" + printable(strategies[static_cast<std::size_t>(s)].name) + "'");
  return fmt::format(
      "{}, read by {}; {} ({} and changes of the means)\n{}\nbecause {}", policy,
      readers.size() == strategies.size() ? "all strategies" : fmt::format("{}", fmt::join(readers, ", ")),
      counted(steps, "step", "steps"), learns ? "looks, rounds" : "looks", group.stream->method(),
      reason(experiment, group));
}

/// The test of a strategy, or that the rule brings its own.
std::string test_name(const Strategy& strategy) {
  return Json::parse(strategy.analysis_text).value("type", "its own");
}

std::string strategy_lines(const Scenario& scenario, const Experiment& experiment) {
  const auto& strategies = scenario.grid.front().strategies;
  int name_width = 8, rule_width = 4;
  for (const Strategy& strategy : strategies) {
    name_width = std::max(name_width, display_width(printable(strategy.name)));
    rule_width = std::max(rule_width, display_width(strategy.rule_name));
  }
  std::string text =
      fmt::format("  {}  {}  {:<10}  {:>9}  {:>12}  {:>12}\n", padded("strategy", name_width, Align::left),
                  padded("rule", rule_width, Align::left), "test", "looks", "first, users", "last, users");
  for (std::size_t s = 0; s < strategies.size(); ++s) {
    const StrategyPlan& plan = experiment.strategies()[s];
    std::vector<i64> looks;
    for (std::size_t k = 0; k < plan.look_users.size(); ++k)
      if (plan.rule->looks_at(static_cast<int>(k))) looks.push_back(plan.look_users[k]);
    text += fmt::format("  {}  {}  {:<10}  {:>9}  {:>12}  {:>12}\n",
                        padded(printable(strategies[s].name), name_width, Align::left),
                        padded(strategies[s].rule_name, rule_width, Align::left), test_name(strategies[s]),
                        grouped(static_cast<i64>(looks.size())),
                        looks.empty() ? kNoValue : grouped(looks.front()),
                        looks.empty() ? kNoValue : grouped(looks.back()));
  }
  return text;
}

/// The cell of the sweep's first point in which most differs between the arms.
const Experiment& last_of_first_point(const Study& study) {
  int experiment = 0;
  for (const Study::Cell& cell : study.cells)
    if (cell.grid == 0) experiment = cell.experiment;
  return *study.experiments[static_cast<std::size_t>(experiment)];
}

}  // namespace

std::string plan_line(const char* title, const std::string& text) {
  constexpr int kIndent = 13;
  std::string lines, heading = title;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    const std::string indented =
        std::string("  ") + padded(heading, kIndent - 2, Align::left) + text.substr(from, end - from);
    for (const std::string& piece : wrapped(indented, kWidth, kIndent)) lines += piece + "\n";
    heading.clear();
    from = end + 1;
  }
  return lines;
}

std::string plan_text(const LoadedScenario& loaded) {
  const Scenario& scenario = loaded.scenario;
  const Experiment& experiment = last_of_first_point(loaded.study);
  std::string text = plan_line("size", size_text(loaded));
  for (const StreamGroup& group : experiment.streams())
    text += plan_line("stream", stream_text(scenario, experiment, group));
  if (scenario.grid.size() > 1)
    text += plan_line(
        "sweep", fmt::format("{} points; streams and looks are those of the first", scenario.grid.size()));
  return text + "\n" + strategy_lines(scenario, experiment) + "\n";
}

}  // namespace windtunnel

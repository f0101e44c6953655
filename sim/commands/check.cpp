#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "plan_text.hpp"
#include "progress_line.hpp"
#include "run_cost.hpp"
#include "terminal.hpp"
#include "windtunnel/engine/lint.hpp"
#include "windtunnel/report/number_format.hpp"
#include "windtunnel/report/text_layout.hpp"

namespace windtunnel {

namespace {

/// How long a replication takes.
std::string each_text(double seconds) {
  return seconds < 1 ? fmt::format("{:.3g} µs", seconds * 1e6) : duration_text(seconds);
}

std::string cost_text(const LoadedScenario& loaded) {
  const Scenario& scenario = loaded.scenario;
  const int threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  const RunCost cost = estimate_cost(loaded.study, scenario.replications, threads);
  const double seconds = cost.seconds * static_cast<double>(scenario.replications) / threads;
  constexpr double kLongPlanning = 0.1;  // seconds
  const std::string planning =
      loaded.planning_seconds > kLongPlanning
          ? fmt::format(" after {} of planning", duration_text(loaded.planning_seconds))
          : "";
  const std::string bound =
      fmt::format("{}{}", scenario.precision ? "at most " : "", cost.tried ? "" : "about ");
  const std::string time = fmt::format(
      "{}{} on {} thread{}{} ({} replications, {} each on one thread{})", bound, duration_text(seconds),
      threads, threads == 1 ? "" : "s", planning, grouped(scenario.replications), each_text(cost.seconds),
      cost.tried ? "" : "; estimated, not tried: a third of it or three times as much may be true");
  return plan_line("time", time) +
         plan_line("memory", fmt::format("about {:.0f} MB, however many replications",
                                         std::max(1.0, cost.bytes / 1e6)));
}

std::string lint_text(const LoadedScenario& loaded) {
  std::string text;
  for (const std::string& finding : lint(loaded.scenario, loaded.study))
    text += plan_line("lint", printable(finding));
  return text;
}

}  // namespace

int execute_check(const Arguments& arguments) {
  const std::vector<LoadedScenario> scenarios = load_scenarios(arguments.positional, overrides_of(arguments));
  for (const LoadedScenario& loaded : scenarios) {
    if (&loaded != &scenarios.front()) fmt::print("\n");
    const std::string head =
        fmt::format("{} is a good scenario: {}, seed {}, hash {}\n", printable(loaded.file),
                    loaded.scenario.name, loaded.scenario.seed, loaded.scenario.hash);
    fmt::print("{}{}", head, encoded(plan_text(loaded) + cost_text(loaded) + lint_text(loaded)));
  }
  return kGood;
}

}  // namespace windtunnel

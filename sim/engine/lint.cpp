#include "windtunnel/engine/lint.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace windtunnel {

namespace {

/// Findings, each sentence once however many points of a sweep it is true of.
class Findings {
 public:
  explicit Findings(const std::vector<std::string>& allow) : allow_(allow) {}

  void add(const std::string& id, const std::string& sentence) {
    const std::string text = id + ": " + sentence;
    const bool is_known = std::find(texts_.begin(), texts_.end(), text) != texts_.end();
    const bool is_allowed = std::find(allow_.begin(), allow_.end(), id) != allow_.end();
    if (!is_known && !is_allowed) texts_.push_back(text);
  }

  std::vector<std::string> texts() && { return std::move(texts_); }

 private:
  const std::vector<std::string>& allow_;
  std::vector<std::string> texts_;
};

void lint_looks(const Strategy& strategy, const Calendar& calendar, Findings& findings) {
  int dropped = 0;
  calendar.positions(strategy.looks, static_cast<int>(strategy.days), &dropped);
  if (dropped == 0) return;
  const bool one = dropped == 1;
  findings.add("dropped_looks",
               fmt::format("{} look{} of '{}' lie{} beyond its end after {} day{} and {} left out", dropped,
                           one ? "" : "s", strategy.name, one ? "s" : "", strategy.days,
                           strategy.days == 1 ? "" : "s", one ? "is" : "are"));
}

void lint_first_look(const Strategy& strategy, const StrategyPlan& plan, int arms, Findings& findings) {
  constexpr double kEnough = 50;  // users per arm
  if (strategy.guarantee == Guarantee::none || !strategy.analysis->estimates_variance()) return;
  const int last = static_cast<int>(plan.look_users.size()) - 1;
  int k = 0;
  while (k < last && !plan.rule->looks_at(k)) ++k;
  const std::vector<double> shares = strategy.policy->planned_shares(arms);
  const double users = static_cast<double>(plan.look_users[static_cast<std::size_t>(k)]) *
                       *std::min_element(shares.begin(), shares.end());
  if (users >= kEnough) return;
  findings.add(
      "early_plug_in",
      fmt::format("'{}' first looks at {:.0f} users in an arm; it estimates the variance, and its promise on "
                  "false positives needs about {:.0f}",
                  strategy.name, users, kEnough));
}

}  // namespace

std::vector<std::string> lint(const Scenario& scenario, const Study& study) {
  Findings findings(scenario.allow);
  for (const Study::Cell& cell : study.cells) {
    const GridPoint& point = scenario.grid[static_cast<std::size_t>(cell.grid)];
    const Experiment& experiment = *study.experiments[static_cast<std::size_t>(cell.experiment)];
    for (std::size_t s = 0; s < point.strategies.size(); ++s) {
      lint_looks(point.strategies[s], experiment.world().calendar(), findings);
      lint_first_look(point.strategies[s], experiment.strategies()[s], experiment.world().arms(), findings);
    }
  }
  return std::move(findings).texts();
}

}  // namespace windtunnel

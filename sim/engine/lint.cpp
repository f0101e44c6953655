#include "windtunnel/engine/lint.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace windtunnel {

namespace {

constexpr const char* kKohavi = "Kohavi, Tang & Xu (2020), Trustworthy Online Controlled Experiments";

constexpr LintRow kRows[] = {
    {"whole_weeks", "an experiment that does not last whole weeks in a world with weekdays", kKohavi},
    {"look_before_conversion", "looks at users whose outcomes cannot have come yet", kKohavi},
    {"few_conversions", "looks at so few conversions that the normal approximation is poor",
     "Brown, Cai & DasGupta (2001), Stat. Sci. 16:101"},
    {"low_power", "an experiment that would rarely find the effect it is planned for",
     "Gelman & Carlin (2014), Perspect. Psychol. Sci. 9:641"},
    {"novelty_left", "an experiment that ends while a transient is still large",
     "Hohnhold, O'Brien & Tang (2015), Focusing on the long-term, KDD"},
    {"early_plug_in", "a rule with a promise that estimates the variance, and looks before 50 users per arm",
     "Johari, Koomen, Pekelis & Walsh (2022), Oper. Res. 70:1806"},
    {"guarantee_void", "a promise on false positives in a world that breaks what it rests on",
     "Johari, Koomen, Pekelis & Walsh (2022), Oper. Res. 70:1806"},
    {"skewness", "looks at too few users for the skewness of the outcome",
     "Kohavi, Deng, Longbotham & Xu (2014), Seven rules of thumb, KDD, rule 7"},
    {"dropped_looks", "looks beyond the end of the strategy's experiment", "grammar of schedules"},
};

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

/// Whether a periodic schedule begins beyond the experiment's end, so that nobody looks before it.
bool begins_beyond(const Schedule& schedule, const Calendar& calendar, int days) {
  const double first = schedule.from > 0 ? schedule.from : schedule.every;
  switch (schedule.kind) {
    case Schedule::Kind::every_days:
      return first > days;
    case Schedule::Kind::every_hours:
      return first > 24.0 * days;
    case Schedule::Kind::every_users:
      return first > static_cast<double>(calendar.users_after(days));
    default:
      return false;
  }
}

void lint_looks(const Strategy& strategy, const Calendar& calendar, Findings& findings) {
  const std::string end = fmt::format("{} day{}", strategy.days, strategy.days == 1 ? "" : "s");
  if (begins_beyond(strategy.looks, calendar, static_cast<int>(strategy.days)))
    findings.add("dropped_looks",
                 fmt::format("the looks of '{}' begin beyond its end after {}; it looks then only",
                             strategy.name, end));
  int dropped = 0;
  calendar.positions(strategy.looks, static_cast<int>(strategy.days), &dropped);
  if (dropped == 0) return;
  const bool one = dropped == 1;
  findings.add("dropped_looks",
               fmt::format("{} look{} of '{}' lie{} beyond its end after {} and {} left out", dropped,
                           one ? "" : "s", strategy.name, one ? "s" : "", end, one ? "is" : "are"));
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

std::span<const LintRow> lint_rows() {
  return kRows;
}

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

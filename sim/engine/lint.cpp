#include "windtunnel/engine/lint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "follow_up.hpp"
#include "lint_exploration.hpp"
#include "lint_numbers.hpp"
#include "lint_power.hpp"
#include "lint_promises.hpp"
#include "planned.hpp"

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
    {"endless_exploration",
     "a policy whose users all get the arms in turn, so that it applies nothing it learns",
     "Lattimore & Szepesvari (2020), Bandit Algorithms, ch. 6"},
    {"dropped_looks", "looks beyond the end of the strategy's experiment", "grammar of schedules"},
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

bool is_flat(const Climate::Week& week) {
  return std::all_of(week.begin(), week.end(), [&](double x) { return x == week.front(); });
}

void lint_weeks(const Strategy& strategy, const Climate& climate, Findings& findings) {
  if (strategy.days % Climate::kWeek == 0) return;
  if (is_flat(climate.traffic) && is_flat(climate.rate) && is_flat(climate.effect)) return;
  findings.add("whole_weeks",
               fmt::format("'{}' lasts {} day{}, not whole weeks, and the days of the week differ",
                           strategy.name, strategy.days, strategy.days == 1 ? "" : "s"));
}

/// What a unit of a term's lift comes to in an arm, beside control, over the users of a segment (-1: all).
double lift_of_arm(const Climate& climate, std::size_t term, int segment, int arm) {
  const auto mean_of = [&](int assigned) {
    double users = 0, sum = 0;
    for (const Stratum& stratum : climate.strata) {
      if (segment >= 0 && stratum.segment != segment) continue;
      const double share = stratum.share_of_arm[static_cast<std::size_t>(assigned)];
      const bool is_everybodys = climate.terms[term].whom == LiftTerm::Whom::everybody;
      const int whose = is_everybodys ? 1 : stratum.served[static_cast<std::size_t>(assigned)];
      const Distribution& law = climate.terms[term].law[static_cast<std::size_t>(whose)];
      const double rate = climate.terms[term].scale == Lift::Scale::relative ? stratum.rate : 1;
      users += share;
      sum += share * stratum.weight[term] * rate * (law.is_point() ? law.value : 0);
    }
    return users > 0 ? sum / users : 0;
  };
  return mean_of(arm) - mean_of(0);
}

void lint_transients(const Strategy& strategy, const World& world, const Truth& truth, Findings& findings) {
  constexpr double kMuch = 0.1;  // of the lasting effect
  const Climate& climate = world.climate();
  const int last_day = static_cast<int>(strategy.days) - 1;
  double most = 0;
  for (const int segment : segments_seen(strategy, world))
    for (int arm = 1; arm < world.arms(); ++arm) {
      const double effect =
          std::fabs(truth.lasting.row(truth.lasting_row(segment, arm))[0]) / world.effect_visits();
      for (std::size_t k = Climate::kLasting + 1; k < climate.terms.size() && effect > 0; ++k) {
        const bool is_relative = climate.terms[k].scale == Lift::Scale::relative;
        const double unit = is_relative ? std::fabs(truth.levels.row(0)[0]) : 1;
        const double left =
            std::fabs(lift_of_arm(climate, k, segment, arm)) * unit * climate.weight(k, last_day);
        most = std::max(most, left / effect);
      }
    }
  if (most <= kMuch) return;
  findings.add_worst("novelty_left", strategy.name, most,
                     fmt::format("'{}' ends while a fading lift is still {:.0f} % of the effect",
                                 strategy.name, 100 * most));
}

/// Where in a sweep a point is, in words.
std::string place_of(const Scenario& scenario, const GridPoint& point) {
  std::string place;
  for (std::size_t a = 0; a < scenario.axes.size(); ++a)
    place += fmt::format("{}{} {}", a == 0 ? " at " : ", ", scenario.axes[a], point.coordinates[a]);
  return place;
}

}  // namespace

std::span<const LintRow> lint_rows() {
  return kRows;
}

std::vector<std::string> lint(const Scenario& scenario, const Study& study) {
  Findings findings(scenario.allow);
  PowerLint power(findings);
  for (const Study::Cell& cell : study.cells) {
    const GridPoint& point = scenario.grid[static_cast<std::size_t>(cell.grid)];
    const Experiment& experiment = *study.experiments[static_cast<std::size_t>(cell.experiment)];
    const World& world = experiment.world();
    // Where there is a cell for the null twin of this point, it has spoken of promises already.
    const bool has_null_cell = cell.kind == MeasureSetting::Cell::effect && scenario.null_twin;
    std::optional<World> null_twin;
    if (!has_null_cell) null_twin.emplace(point.world, scenario.seed, World::Twin::null);
    const bool is_known = world.truth_kind() == Truth::Kind::shared;
    Truth truth;
    if (is_known) world.reveal(0, 1, truth);
    for (const StreamGroup& group : experiment.streams())
      lint_exploration(point, experiment, group, findings);
    for (std::size_t s = 0; s < point.strategies.size(); ++s) {
      const Strategy& strategy = point.strategies[s];
      const StrategyPlan& plan = experiment.strategies()[s];
      lint_looks(strategy, world.calendar(), findings);
      lint_first_look(strategy, plan, world, findings);
      lint_weeks(strategy, world.climate(), findings);
      if (const std::string early = early_look(strategy, first_users(plan), world); !early.empty())
        findings.add("look_before_conversion", early);
      if (null_twin) lint_promise(strategy, plan, *null_twin, findings);
      if (is_known) lint_conversions(strategy, plan, world, *point.world.outcome, truth, findings);
      if (is_known) lint_lumps(strategy, *point.world.outcome, truth, findings);
      if (is_known) lint_skewness(strategy, plan, world, *point.world.outcome, truth, findings);
      if (!is_known || cell.kind != MeasureSetting::Cell::effect) continue;
      lint_transients(strategy, world, truth, findings);
    }
    if (is_known && cell.kind == MeasureSetting::Cell::effect && !findings.allows("low_power"))
      power.hear(point, place_of(scenario, point), experiment, truth);
  }
  power.run_pilots(scenario.seed, *study.registry);
  return std::move(findings).texts();
}

}  // namespace windtunnel

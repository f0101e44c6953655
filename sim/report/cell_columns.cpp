#include "cell_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "windtunnel/report/text_layout.hpp"
#include "world_sentence.hpp"

namespace windtunnel {

namespace {

using Cell = MeasureSetting::Cell;

constexpr int kAnyDecimals = 12;
constexpr int kDropFirst = 1, kDropSecond = 2;

constexpr Topic kFalsePositives{"rejection_rate", "false positives", Unit::percent, kAnyDecimals,
                                Rejection::false_positive};
constexpr Topic kWithoutEffect{"rejection_rate", "rejects without lasting effect", Unit::percent,
                               kAnyDecimals, Rejection::without_lasting_effect};
constexpr Topic kPower{"rejection_rate", "power", Unit::percent, kAnyDecimals, Rejection::power};
constexpr Topic kShips{"ship_rate", "ships", Unit::percent, kAnyDecimals};
constexpr Topic kServesBest{"correct_rate", "serves best", Unit::percent, kAnyDecimals};
constexpr Topic kDays{"mean_days", "days", Unit::plain, 1};
constexpr Topic kOverstates{"exaggeration", "overstates", Unit::times, 2, Rejection::none, kDropFirst};
constexpr Topic kLoss{"regret", "users' loss", Unit::plain, kAnyDecimals, Rejection::none, kDropSecond};
constexpr Topic kCovers{"coverage", "interval covers", Unit::percent, kAnyDecimals};
constexpr Topic kFalseDiscoveries{"false_discovery_rate", "false discoveries", Unit::percent, kAnyDecimals};
constexpr Topic kTrueWinners{"true_winner_share", "true winners",  Unit::percent,
                             kAnyDecimals,        Rejection::none, kDropFirst};
constexpr Topic kWrongDecisions{"wrong_given_decision", "wrong decisions", Unit::percent, kAnyDecimals};

const MeasuredCell& measured(const Report& report, int cell) {
  return report.result.cells[static_cast<std::size_t>(cell)];
}

const GridPoint& point_of(const Report& report, int cell) {
  return report.scenario.grid[static_cast<std::size_t>(measured(report, cell).grid)];
}

const StrategyFacts& facts_of(const Report& report, int cell, int strategy) {
  return report.cells[static_cast<std::size_t>(cell)].strategies[static_cast<std::size_t>(strategy)];
}

int strategies(const Report& report, int cell) {
  return static_cast<int>(measured(report, cell).strategies.size());
}

bool says_something(const Report& report, int cell, const Topic& topic) {
  for (int s = 0; s < strategies(report, cell); ++s)
    if (topic_value(report, cell, s, topic) != nullptr) return true;
  return false;
}

/// Whether some strategy cannot reject, so that what it ships has to speak for it.
bool some_do_not_test(const Report& report, int cell) {
  for (int s = 0; s < strategies(report, cell); ++s) {
    const Value* rejects = find_value(measured(report, cell), s, "rejection_rate");
    if (rejects == nullptr || !rejects->absent.empty()) return true;
  }
  return false;
}

std::vector<Topic> null_topics(const Report& report, int cell) {
  std::vector<Topic> topics{kFalsePositives, kWithoutEffect, kPower};
  if (some_do_not_test(report, cell)) topics.push_back(kShips);
  const bool alone = cell_at(report, measured(report, cell).grid, Cell::effect) < 0;
  if (alone) topics.insert(topics.end(), {kDays, kCovers});
  return topics;
}

std::vector<Topic> effect_topics(const Report& report, int cell) {
  std::vector<Topic> topics{kFalsePositives, kPower};
  if (some_do_not_test(report, cell)) topics.push_back(kShips);
  if (point_of(report, cell).world.arms.size() > 2) topics.push_back(kServesBest);
  topics.insert(topics.end(), {kDays, kOverstates});
  const bool beside_false_positives =
      cell_at(report, measured(report, cell).grid, Cell::null) >= 0 ||
      says_something(report, cell, kFalsePositives) ||
      !says_something(report, cell, kPower);  // nobody tests, nobody cries wolf
  if (beside_false_positives) topics.push_back(kLoss);
  return topics;
}

}  // namespace

int cell_at(const Report& report, int grid, Cell kind) {
  for (std::size_t c = 0; c < report.result.cells.size(); ++c)
    if (report.result.cells[c].grid == grid && report.result.cells[c].kind == kind)
      return static_cast<int>(c);
  return -1;
}

std::vector<Topic> topics_of(const Report& report, int cell) {
  const Cell kind = measured(report, cell).kind;
  std::vector<Topic> topics =
      kind == Cell::null ? null_topics(report, cell)
      : kind == Cell::effect
          ? effect_topics(report, cell)
          : std::vector{kShips, kFalseDiscoveries, kTrueWinners, kWrongDecisions, kDays, kLoss};
  std::erase_if(topics, [&](const Topic& topic) { return !says_something(report, cell, topic); });
  return topics;
}

const Value* topic_value(const Report& report, int cell, int strategy, const Topic& topic) {
  if (topic.rejection != Rejection::none && facts_of(report, cell, strategy).rejection != topic.rejection)
    return nullptr;
  const Value* value = find_value(measured(report, cell), strategy, topic.measure);
  return value == nullptr || !value->absent.empty() ? nullptr : value;
}

std::string excess_mark(const Report& report, int cell, int strategy, Excess excess) {
  const Value* rate = topic_value(report, cell, strategy, kFalsePositives);
  const double alpha = facts_of(report, cell, strategy).alpha;
  if (rate == nullptr) return "";
  // Few replications that all agree have no error of their own; what they could have shown has.
  const double at_alpha = std::sqrt(alpha * (1 - alpha) / static_cast<double>(rate->replications));
  if (rate->value - 4 * std::max(rate->mcse, at_alpha) <= alpha) return "";
  const GridPoint& point = point_of(report, cell);
  if (point.strategies[static_cast<std::size_t>(strategy)].guarantee == Guarantee::exact)
    return kPromiseBroken;
  if (excess == Excess::marked) return kAboveAlpha;
  const double times = rate->value / alpha;
  return fmt::format("{} {} × α", kAboveAlpha, fixed_text(times, times < 10 ? 1 : 0));
}

std::string cell_heading(const Report& report, int cell) {
  const MeasuredCell& cells = measured(report, cell);
  if (cells.kind == Cell::null) return "NO EFFECT";
  if (cells.kind == Cell::drawn) return "EFFECTS DRAWN";
  const std::string effect = effect_text(report.scenario, cells.grid);
  return effect.empty() ? "LASTING EFFECT" : "LASTING EFFECT " + effect;
}

std::vector<std::string> strategy_names(const Report& report, int cell) {
  std::vector<std::string> names;
  for (const Strategy& strategy : point_of(report, cell).strategies)
    names.push_back(printable(strategy.name));
  return names;
}

}  // namespace windtunnel

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cell_columns.hpp"
#include "windtunnel/report/number_format.hpp"
#include "world_sentence.hpp"

namespace windtunnel {

namespace {

bool shows_mark(const std::vector<Block>& blocks, const char* mark) {
  for (const Block& block : blocks)
    for (const Column& column : block.columns)
      for (const std::string& text : column.marks)
        if (text.starts_with(mark)) return true;
  return false;
}

bool shows(const std::vector<Block>& blocks, const std::string& heading) {
  for (const Block& block : blocks) {
    if (block.title.starts_with(heading)) return true;
    for (const Column& column : block.columns)
      if (column.heading == heading) return true;
  }
  return false;
}

/// "α = 5 %" when all tests have one level, else "its α".
std::string alpha_text(const Report& report) {
  std::vector<double> alphas;
  for (const CellFacts& cell : report.cells)
    for (const StrategyFacts& facts : cell.strategies)
      if (facts.rejection != Rejection::none) alphas.push_back(facts.alpha);
  const bool one = !alphas.empty() && std::equal(alphas.begin() + 1, alphas.end(), alphas.begin());
  return one ? "α = " + percent_text(alphas.front()) : "its α";
}

std::string loss_note(const Report& report) {
  const WorldSpec& world = report.scenario.grid.front().world;
  const bool one_horizon =
      std::all_of(report.scenario.grid.begin(), report.scenario.grid.end(), [&](const GridPoint& point) {
        return point.world.days == world.days && point.world.rollout_days == world.rollout_days;
      });
  std::string horizon = "the experiment and the rollout after it";
  if (one_horizon && world.rollout_days > 0)
    horizon = fmt::format("{} and {} of rollout after {}", days_text(world.days), grouped(world.rollout_days),
                          world.days == 1 ? "it" : "them");
  else if (one_horizon)
    horizon = days_text(world.days);
  return fmt::format("users' loss: {} missed in {} against always serving the best arm.",
                     loss_noun(report.scenario), horizon);
}

/// Why values of the narrow layout are missing, each reason once with the headings it empties.
std::vector<std::string> reasons_of(const Report& report, const std::vector<Block>& blocks) {
  std::vector<std::pair<std::string, std::vector<std::string>>> reasons;
  for (std::size_t c = 0; c < report.result.cells.size(); ++c) {
    const MeasuredCell& cell = report.result.cells[c];
    for (const Topic& topic : topics_of(report, static_cast<int>(c)))
      for (std::size_t s = 0; s < cell.strategies.size(); ++s) {
        const Value* value = find_value(cell, static_cast<int>(s), topic.measure);
        if (value == nullptr || value->absent.empty() || !shows(blocks, topic.heading)) continue;
        auto reason = std::find_if(reasons.begin(), reasons.end(),
                                   [&](const auto& known) { return known.first == value->absent; });
        if (reason == reasons.end()) reason = reasons.insert(reason, {value->absent, {}});
        std::vector<std::string>& headings = reason->second;
        if (std::find(headings.begin(), headings.end(), topic.heading) == headings.end())
          headings.emplace_back(topic.heading);
      }
  }
  std::vector<std::string> texts;
  for (const auto& [reason, headings] : reasons)
    texts.push_back(fmt::format("{} {} ({}).", kNoValue, reason, fmt::join(headings, ", ")));
  return texts;
}

}  // namespace

std::vector<std::string> notes_of(const Report& report, const std::vector<Block>& blocks) {
  std::vector<std::string> notes;
  const bool has_loss = shows(blocks, "users' loss");
  if (shows_mark(blocks, kAboveAlpha)) {
    const std::string bought = shows(blocks, "power")
                                   ? has_loss ? ": power and loss of that line are bought with it"
                                              : ": the power of that line is bought with it"
                                   : "";
    notes.push_back(
        fmt::format("{} above {} by more than its error{}.", kAboveAlpha, alpha_text(report), bought));
  }
  if (shows_mark(blocks, kPromiseBroken))
    notes.push_back(fmt::format("{}: the rule promises at most {} exactly, and this world breaks it.",
                                kPromiseBroken, alpha_text(report)));
  if (has_loss) notes.push_back(loss_note(report));
  for (std::string& reason : reasons_of(report, blocks)) notes.push_back(std::move(reason));
  return notes;
}

}  // namespace windtunnel

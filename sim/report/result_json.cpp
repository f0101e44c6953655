#include "windtunnel/report/result_json.hpp"

#include <algorithm>
#include <stdexcept>

#include "result_keys.hpp"
#include "windtunnel/core/json_document.hpp"

namespace windtunnel {

namespace {

constexpr i64 kLargestExact = i64{1} << 53;  // readers of JSON keep integers up to here

/// An integer as a number where every reader keeps it exactly, else as a string of digits.
Json slot_json(i128 slot) {
  if (slot >= -kLargestExact && slot <= kLargestExact) return static_cast<i64>(slot);
  return to_string(slot);
}

Json tally_json(const Tally& tally) {
  Json slots = Json::array();
  for (i128 slot : tally.slots) slots.push_back(slot_json(slot));
  return slots;
}

Json value_json(const Value& value) {
  Json json = Json::object();
  if (!value.at.empty()) json["at"] = value.at;
  if (!value.absent.empty()) {
    json["absent"] = value.absent;
    return json;
  }
  json["value"] = value.value;
  json["mcse"] = value.mcse;
  json["conf_low"] = value.conf_low;
  json["conf_high"] = value.conf_high;
  json["replications"] = value.replications;
  return json;
}

Json measures_json(const std::vector<MeasureValues>& measures) {
  Json json = Json::object();
  for (const MeasureValues& measure : measures) {
    Json& values = json[measure.measure] = Json::array();
    for (const Value& value : measure.values) values.push_back(value_json(value));
  }
  return json;
}

Json place_json(const Scenario& scenario, const GridPoint& point) {
  Json place = Json::object();
  for (std::size_t a = 0; a < scenario.axes.size(); ++a)
    place[scenario.axes[a]] = Json::parse(point.coordinates[a], nullptr, false);
  return place;
}

Json cell_json(const Report& report, std::size_t index) {
  const MeasuredCell& cell = report.result.cells[index];
  const GridPoint& point = report.scenario.grid[static_cast<std::size_t>(cell.grid)];
  const auto name = [&](int strategy) { return point.strategies[static_cast<std::size_t>(strategy)].name; };
  Json strategies = Json::object(), differences = Json::array();
  for (std::size_t s = 0; s < cell.strategies.size(); ++s)
    strategies[name(static_cast<int>(s))] = measures_json(cell.strategies[s]);
  for (const PairedDifference& pair : cell.pairs) {
    Json json{{"strategy", name(pair.strategy)}, {"versus", name(pair.versus)}, {"measure", pair.measure}};
    json.update(value_json(pair.value));
    if (pair.variance_ratio) json["variance_ratio"] = *pair.variance_ratio;
    differences.push_back(std::move(json));
  }
  return Json{{"cell", cell_name(cell.kind)},
              {"at", place_json(report.scenario, point)},
              {"experiment", report.cells[index].experiment},
              {"strategies", std::move(strategies)},
              {"differences", std::move(differences)}};
}

const char* state_name(ExpectationResult::State state) {
  switch (state) {
    case ExpectationResult::State::holds:
      return "holds";
    case ExpectationResult::State::fails:
      return "fails";
    case ExpectationResult::State::undecided:
      return "undecided";
  }
  return "";
}

/// How a run to a precision ended, and the level of its measure's intervals.
Json precision_json(const Report& report) {
  return Json{{"measure", report.scenario.precision->measure},
              {"half_width", report.precision->half_width},
              {"level", report.precision->level},
              {"checkpoint", report.precision->checkpoint}};
}

std::string compact(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool is_flat(const Json& json) {
  return std::none_of(json.begin(), json.end(), [](const Json& member) { return member.is_structured(); });
}

/// JSON with a line for each member down to `depth` levels; everything deeper, or without depth of its own,
/// stays on its line.
std::string in_lines(const Json& json, int depth, const std::string& margin = "") {
  if (depth == 0 || !json.is_structured() || is_flat(json)) return compact(json);
  const std::string inner = margin + " ";
  std::string text;
  for (auto member = json.begin(); member != json.end(); ++member) {
    text += (text.empty() ? "\n" : ",\n") + inner;
    if (json.is_object()) text += compact(member.key()) + ": ";
    text += in_lines(*member, depth - 1, inner);
  }
  return (json.is_object() ? "{" : "[") + text + "\n" + margin + (json.is_object() ? "}" : "]");
}

}  // namespace

std::string result_json(const Report& report, const Progress& progress) {
  constexpr int kCellDepth = 4;  // cells, cell, strategies, strategy: a line for each measure
  if (report.cells.size() != report.result.cells.size())
    throw std::logic_error("cells of a report do not match");
  Json json{{keys::kResult, kResultVersion},
            {keys::kLaw, kLawVersion},
            {keys::kGrammar, kGrammarVersion},
            {keys::kName, report.scenario.name},
            {keys::kHash, report.scenario.hash}};
  json[keys::kReplications] = Json::array();
  for (const ReplicationRange& range : progress.done.ranges())
    json[keys::kReplications].push_back(Json::array({range.first, range.count}));
  json[keys::kTallies] = Json::array();
  for (const Tally& tally : progress.tallies) json[keys::kTallies].push_back(tally_json(tally));
  if (report.precision) json["precision"] = precision_json(report);
  json["cells"] = Json::array();
  for (std::size_t c = 0; c < report.result.cells.size(); ++c) json["cells"].push_back(cell_json(report, c));
  json["expectations"] = Json::array();
  for (const ExpectationResult& result : report.result.expectations)
    json["expectations"].push_back(Json{{"state", state_name(result.state)}, {"sentence", result.sentence}});
  json[keys::kWritten] = Json::parse(report.scenario.written);
  for (const auto& [name, text] : report.scenario.files) json[keys::kFiles][name] = text;
  json["resolved"] = Json::parse(report.scenario.resolved);
  std::string text = "{";
  for (auto member = json.begin(); member != json.end(); ++member) {
    const int depth = member.key() == "cells" ? kCellDepth : 1;
    text += (text == "{" ? "\n " : ",\n ") + compact(member.key()) + ": " + in_lines(*member, depth, " ");
  }
  return text + "\n}\n";
}

}  // namespace windtunnel

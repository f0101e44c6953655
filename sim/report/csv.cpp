#include "windtunnel/report/csv.hpp"

#include "windtunnel/core/json_document.hpp"
#include "windtunnel/core/number_text.hpp"

namespace windtunnel {

namespace {

/// A field, in quotes when it holds what would end it (RFC 4180, section 2, rules 6 and 7).
std::string field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

/// A sweep's value: strings without their JSON quotes, everything else as JSON.
std::string coordinate(const std::string& json) {
  const Json value = Json::parse(json, nullptr, false);
  return field(value.is_string() ? value.get<std::string>() : json);
}

/// Fields that all rows of a cell begin with.
std::string cell_fields(const Report& report, const MeasuredCell& cell) {
  const Scenario& scenario = report.scenario;
  std::string fields = field(scenario.name) + "," + scenario.hash + "," + cell_name(cell.kind);
  for (const std::string& value : scenario.grid[static_cast<std::size_t>(cell.grid)].coordinates)
    fields += "," + coordinate(value);
  return fields;
}

/// `replications` are those of the cell, for values that are absent.
std::string value_fields(const Value& value, i64 replications) {
  const std::string at = field(value.at) + ",";
  if (!value.absent.empty()) return at + ",,,," + std::to_string(replications) + "," + field(value.absent);
  std::string fields = at;
  for (double number : {value.value, value.mcse, value.conf_low, value.conf_high})
    fields += number_text(number) + ",";
  return fields + std::to_string(value.replications) + ",";
}

void add_cell(std::string& text, const Report& report, const MeasuredCell& cell) {
  const std::string head = cell_fields(report, cell);
  const std::vector<Strategy>& strategies =
      report.scenario.grid[static_cast<std::size_t>(cell.grid)].strategies;
  const auto name = [&](int strategy) { return field(strategies[static_cast<std::size_t>(strategy)].name); };
  const i64 replications = report.result.replications;
  for (std::size_t s = 0; s < cell.strategies.size(); ++s)
    for (const MeasureValues& measure : cell.strategies[s])
      for (const Value& value : measure.values)
        text += head + "," + name(static_cast<int>(s)) + ",," + measure.measure + "," +
                value_fields(value, replications) + "\n";
  for (const PairedDifference& pair : cell.pairs) {
    const std::string names = head + "," + name(pair.strategy) + "," + name(pair.versus) + ",";
    text += names + pair.measure + "," + value_fields(pair.value, replications) + "\n";
    if (pair.variance_ratio)
      text += names + "variance_ratio," + pair.measure + "," + number_text(*pair.variance_ratio) + ",,,," +
              std::to_string(pair.value.replications) + ",\n";
  }
}

}  // namespace

std::string csv_text(const Report& report) {
  std::string text = "scenario,scenario_hash,cell";
  for (const std::string& axis : report.scenario.axes) text += "," + field(axis);
  text += ",strategy,versus,measure,at,value,mcse,conf_low,conf_high,replications,note\n";
  for (const MeasuredCell& cell : report.result.cells) add_cell(text, report, cell);
  return text;
}

}  // namespace windtunnel

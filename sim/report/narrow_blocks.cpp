#include "cell_columns.hpp"
#include "world_sentence.hpp"

namespace windtunnel {

namespace {

using Cell = MeasureSetting::Cell;

bool shows_excess(const Topic& topic) {
  return topic.rejection == Rejection::false_positive;
}

/// Strategies down.
Column topic_column(const Report& report, int cell, const Topic& topic) {
  const int strategies = static_cast<int>(strategy_names(report, cell).size());
  std::vector<const Value*> values;
  Column column;
  for (int s = 0; s < strategies; ++s) {
    values.push_back(topic_value(report, cell, s, topic));
    if (shows_excess(topic)) column.marks.push_back(excess_mark(report, cell, s, Excess::told));
  }
  NumberColumn numbers = number_column(values, topic.unit, topic.most_decimals);
  column.group = cell_heading(report, cell);
  column.heading = topic.heading;
  column.numbers = std::move(numbers.numbers);
  column.error = std::move(numbers.error);
  column.drop = topic.drop;
  return column;
}

Block point_block(const Report& report, int grid) {
  Block block;
  block.title = place_text(report.scenario, grid);
  for (Cell kind : {Cell::null, Cell::effect, Cell::drawn}) {
    const int cell = cell_at(report, grid, kind);
    if (cell < 0) continue;
    block.rows = strategy_names(report, cell);
    for (const Topic& topic : topics_of(report, cell))
      block.columns.push_back(topic_column(report, cell, topic));
  }
  return block;
}

}  // namespace

std::vector<Block> narrow_blocks(const Report& report) {
  if (report.scenario.axes.size() >= 2) return pivot_blocks(report);
  std::vector<Block> blocks;
  for (std::size_t g = 0; g < report.scenario.grid.size(); ++g)
    blocks.push_back(point_block(report, static_cast<int>(g)));
  return blocks;
}

}  // namespace windtunnel

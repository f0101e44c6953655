#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>

#include "cell_columns.hpp"
#include "windtunnel/report/text_layout.hpp"
#include "world_sentence.hpp"

namespace windtunnel {

namespace {

using Cell = MeasureSetting::Cell;

/// What one pivot shows.
struct Subject {
  Cell kind;
  Topic topic;
};

bool same(const Topic& a, const Topic& b) {
  return std::strcmp(a.measure, b.measure) == 0 && a.rejection == b.rejection;
}

/// Subjects of all grid points, in the order of the cells and their topics.
std::vector<Subject> subjects_of(const Report& report) {
  std::vector<Subject> subjects;
  for (Cell kind : {Cell::null, Cell::effect, Cell::drawn})
    for (std::size_t c = 0; c < report.result.cells.size(); ++c) {
      if (report.result.cells[c].kind != kind) continue;
      for (const Topic& topic : topics_of(report, static_cast<int>(c))) {
        const bool known = std::any_of(subjects.begin(), subjects.end(), [&](const Subject& subject) {
          return subject.kind == kind && same(subject.topic, topic);
        });
        if (!known) subjects.push_back({kind, topic});
      }
    }
  return subjects;
}

/// Whether cells of this kind stay the same experiment when only this axis moves, so that it need not be
/// shown.
bool is_idle(const Report& report, Cell kind, std::size_t axis) {
  std::map<std::vector<std::string>, int> experiments;  // by the coordinates on all other axes
  for (std::size_t g = 0; g < report.scenario.grid.size(); ++g) {
    const int cell = cell_at(report, static_cast<int>(g), kind);
    const int experiment = cell < 0 ? -1 : report.cells[static_cast<std::size_t>(cell)].experiment;
    std::vector<std::string> others = report.scenario.grid[g].coordinates;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(axis));
    if (experiments.try_emplace(std::move(others), experiment).first->second != experiment) return false;
  }
  return true;
}

/// Axes along which the numbers of this kind of cell can differ.
std::vector<std::size_t> moving_axes(const Report& report, Cell kind) {
  std::vector<std::size_t> axes;
  for (std::size_t a = 0; a < report.scenario.axes.size(); ++a)
    if (!is_idle(report, kind, a)) axes.push_back(a);
  return axes;
}

/// Cells of a kind, one for each combination of the values of `axes`.
std::vector<int> distinct_cells(const Report& report, Cell kind, const std::vector<std::size_t>& axes) {
  std::vector<int> cells;
  std::vector<std::vector<std::string>> seen;
  for (std::size_t g = 0; g < report.scenario.grid.size(); ++g) {
    const int cell = cell_at(report, static_cast<int>(g), kind);
    std::vector<std::string> place;
    for (std::size_t a : axes) place.push_back(report.scenario.grid[g].coordinates[a]);
    if (cell < 0 || std::find(seen.begin(), seen.end(), place) != seen.end()) continue;
    seen.push_back(std::move(place));
    cells.push_back(cell);
  }
  return cells;
}

/// A column without numbers, headed by where its cell stands on `axes`.
Column place_column(const Report& report, int cell, const std::vector<std::size_t>& axes) {
  const MeasuredCell& measured = report.result.cells[static_cast<std::size_t>(cell)];
  const GridPoint& point = report.scenario.grid[static_cast<std::size_t>(measured.grid)];
  Column column;
  for (std::size_t a : axes) {
    const std::string text =
        printable(report.scenario.axes[a]) + " = " + coordinate_text(point.coordinates[a]);
    std::string& place = a == axes.back() ? column.heading : column.group;
    place += (place.empty() ? "" : ", ") + text;
  }
  return column;
}

std::string title_of(const Subject& subject, const std::string& error) {
  const std::string kind = subject.kind == Cell::null     ? "no effect"
                           : subject.kind == Cell::effect ? "lasting effect"
                                                          : "effects drawn";
  return fmt::format("{} ({}{})", subject.topic.heading, kind,
                     error.empty() ? "" : ", 95 % error at most " + error);
}

/// A topic in every cell under one format, so that numbers can be compared across.
Block pivot(const Report& report, const Subject& subject) {
  const std::vector<std::size_t> axes = moving_axes(report, subject.kind);
  const std::vector<int> cells = distinct_cells(report, subject.kind, axes);
  Block block;
  block.overflow = Block::Overflow::split;
  block.rows = strategy_names(report, cells.front());
  const int strategies = static_cast<int>(block.rows.size());
  std::vector<const Value*> values;
  for (int cell : cells)
    for (int s = 0; s < strategies; ++s) values.push_back(topic_value(report, cell, s, subject.topic));
  const NumberColumn numbers = number_column(values, subject.topic.unit, subject.topic.most_decimals);
  auto next = numbers.numbers.begin();
  for (int cell : cells) {
    Column column = place_column(report, cell, axes);
    column.numbers.assign(next, next + strategies);
    next += strategies;
    if (subject.topic.rejection == Rejection::false_positive)
      for (int s = 0; s < strategies; ++s)
        column.marks.push_back(excess_mark(report, cell, s, Excess::marked));
    block.columns.push_back(std::move(column));
  }
  block.title = title_of(subject, numbers.error);
  return block;
}

}  // namespace

std::vector<Block> pivot_blocks(const Report& report) {
  std::vector<Block> blocks;
  for (const Subject& subject : subjects_of(report)) blocks.push_back(pivot(report, subject));
  return blocks;
}

}  // namespace windtunnel

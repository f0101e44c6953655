#include "block_text.hpp"

#include <algorithm>

#include "block_layout.hpp"
#include "windtunnel/report/text_layout.hpp"

namespace windtunnel {

namespace {

std::string spaces(int count) {
  return std::string(static_cast<std::size_t>(std::max(0, count)), ' ');
}

std::string trimmed(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string group_line(const Block& block, const BlockLayout& layout) {
  std::string line;
  int at = layout.names;
  for (std::size_t c = 0; c < block.columns.size(); ++c) {
    at += layout.gaps[c];
    if (starts_group(block, c)) line = padded(line, at, Align::left) + block.columns[c].group;
    at += layout.extents[c].whole;
  }
  return trimmed(std::move(line));
}

std::string heading_line(const Block& block, const BlockLayout& layout) {
  std::string line = padded(block.row_heading, layout.names, Align::left);
  for (std::size_t c = 0; c < block.columns.size(); ++c) {
    const Align align = layout.extents[c].marks > 0 ? Align::left : Align::right;
    line += spaces(layout.gaps[c]) + padded(block.columns[c].heading, layout.extents[c].whole, align);
  }
  return trimmed(std::move(line));
}

std::string rule_line(int width, Encoding encoding) {
  std::string line;
  for (int i = 0; i < width; ++i) line += encoding == Encoding::utf8 ? "─" : "-";
  return line + "\n";
}

std::string painted(const std::string& mark, Color color) {
  return color == Color::always && !mark.empty() ? "\x1b[31m" + mark + "\x1b[0m" : mark;
}

/// A number in its place; a column with marks stands at the left of its heading, any other at the right.
std::string entry(const std::string& number, const std::string& mark, const Extent& extent, Color color) {
  if (extent.marks == 0) return padded(number, extent.whole, Align::right);
  const int behind = extent.whole - extent.numbers - display_width(mark) - 2;
  return padded(number, extent.numbers, Align::right) + "  " + painted(mark, color) + spaces(behind);
}

std::string row_line(const Block& block, const BlockLayout& layout, std::size_t row, Color color) {
  std::string line = padded(block.rows[row], layout.names, Align::left);
  for (std::size_t c = 0; c < block.columns.size(); ++c) {
    const Column& column = block.columns[c];
    const std::string mark = row < column.marks.size() ? column.marks[row] : "";
    line += spaces(layout.gaps[c]) + entry(column.numbers[row], mark, layout.extents[c], color);
  }
  return trimmed(std::move(line));
}

std::string foot_line(const Block& block, const BlockLayout& layout) {
  std::string line = padded(kErrorLabel, layout.names, Align::left);
  int begin = layout.names;
  for (std::size_t c = 0; c < block.columns.size(); ++c) {
    begin += layout.gaps[c];
    const Extent& extent = layout.extents[c];
    const int end = begin + (extent.marks > 0 ? extent.numbers : extent.whole);
    const std::string foot = foot_text(block.columns[c]);
    if (!foot.empty()) line = padded(line, end - display_width(foot), Align::left) + foot;
    begin += extent.whole;
  }
  return trimmed(std::move(line));
}

std::string lines_of(const Block& block, const TableOptions& options) {
  const BlockLayout layout = layout_of(block);
  const auto any = [&](auto&& holds) {
    return std::any_of(block.columns.begin(), block.columns.end(), holds);
  };
  std::string text;
  if (any([](const Column& column) { return !column.group.empty(); })) text += group_line(block, layout);
  text += heading_line(block, layout) + rule_line(layout.width, options.encoding);
  for (std::size_t r = 0; r < block.rows.size(); ++r) text += row_line(block, layout, r, options.color);
  if (any([](const Column& column) { return !column.error.empty(); })) text += foot_line(block, layout);
  return text;
}

}  // namespace

std::string block_text(const Block& block, const TableOptions& options) {
  std::string text;
  for (const std::string& line : wrapped(block.title, options.width, 0))
    if (!line.empty()) text += line + "\n";
  if (block.overflow == Block::Overflow::drop) return text + lines_of(fitted(block, options.width), options);
  const std::vector<Block> parts = panels(block, options.width);
  for (std::size_t p = 0; p < parts.size(); ++p) text += (p == 0 ? "" : "\n") + lines_of(parts[p], options);
  return text;
}

}  // namespace windtunnel

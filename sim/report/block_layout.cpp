#include "block_layout.hpp"

#include <algorithm>

#include "windtunnel/report/text_layout.hpp"

namespace windtunnel {

namespace {

constexpr int kFirstGap = 2, kGap = 3, kGroupGap = 5;
constexpr int kMarkGap = 2;
constexpr int kLongName = 28;      // longer names are cut before a column is given up
constexpr int kShortestName = 16;  // names are never cut further

int widest(const std::vector<std::string>& texts) {
  int width = 0;
  for (const std::string& text : texts) width = std::max(width, display_width(text));
  return width;
}

/// `overhang`: how far the sign of the foot's error may stand out to the left.
Extent extent_of(const Column& column, int overhang) {
  const int foot = display_width(foot_text(column)) - overhang;
  Extent extent{std::max(widest(column.numbers), foot), widest(column.marks), 0};
  const int content = extent.numbers + (extent.marks > 0 ? kMarkGap + extent.marks : 0);
  extent.whole = std::max(content, display_width(column.heading));
  return extent;
}

/// Makes room for the heading of each group: its last column grows, but behind the last group there is room.
void fit_groups(const Block& block, BlockLayout& layout) {
  int group = 0;  // width of the group so far
  for (std::size_t c = 0; c < block.columns.size(); ++c) {
    group = starts_group(block, c) ? layout.extents[c].whole : group + kGap + layout.extents[c].whole;
    layout.width += layout.gaps[c] + layout.extents[c].whole;
    const bool is_last = c + 1 == block.columns.size();
    const int lacking = display_width(block.columns[c].group) - group;
    if (lacking <= 0 || !(is_last || starts_group(block, c + 1))) continue;
    layout.width += lacking;
    if (!is_last) layout.extents[c].whole += lacking;
  }
}

}  // namespace

bool starts_group(const Block& block, std::size_t c) {
  return c == 0 || block.columns[c].group != block.columns[c - 1].group;
}

std::string foot_text(const Column& column) {
  if (column.error.empty()) return "";
  for (const std::string& number : column.numbers)
    if (const std::size_t space = number.rfind(' '); space != std::string::npos)
      return column.error + padded("", display_width(number.substr(space)), Align::left);
  return column.error;
}

BlockLayout layout_of(const Block& block) {
  BlockLayout layout;
  const bool has_foot = std::any_of(block.columns.begin(), block.columns.end(),
                                    [](const Column& column) { return !column.error.empty(); });
  layout.names = std::max(
      {widest(block.rows), display_width(block.row_heading), has_foot ? display_width(kErrorLabel) : 0});
  layout.width = layout.names;
  for (std::size_t c = 0; c < block.columns.size(); ++c) {
    layout.gaps.push_back(c == 0 ? kFirstGap : starts_group(block, c) ? kGroupGap : kGap);
    layout.extents.push_back(extent_of(block.columns[c], c == 0 ? 0 : kGap - 1));
  }
  fit_groups(block, layout);
  return layout;
}

Block fitted(Block block, int width) {
  if (layout_of(block).width > width)
    for (std::string& row : block.rows) row = shortened(row, kLongName);
  for (int drop = 1; layout_of(block).width > width; ++drop) {
    const bool can_drop = std::any_of(block.columns.begin(), block.columns.end(),
                                      [drop](const Column& column) { return column.drop >= drop; });
    if (!can_drop) break;
    std::erase_if(block.columns, [drop](const Column& column) { return column.drop == drop; });
  }
  const int excess = layout_of(block).width - width;
  if (excess <= 0) return block;
  const int names = std::max(kShortestName, widest(block.rows) - excess);
  for (std::string& row : block.rows) row = shortened(row, names);
  return block;
}

std::vector<Block> panels(const Block& block, int width) {
  std::vector<Block> parts;
  for (const Column& column : block.columns) {
    if (!parts.empty()) {
      parts.back().columns.push_back(column);
      if (layout_of(parts.back()).width <= width) continue;
      parts.back().columns.pop_back();
    }
    parts.push_back(block);
    parts.back().columns.assign(1, column);
    if (parts.size() > 1) parts.back().title.clear();
  }
  return parts;
}

}  // namespace windtunnel

#pragma once

#include <string>
#include <vector>

#include "windtunnel/report/table.hpp"

/// A page of tables before it becomes text or Markdown: what is shown, not how it is laid out.
namespace windtunnel {

/// A column of numbers under each other, formatted alike.
struct Column {
  std::string group;  ///< heading over neighbouring columns
  std::string heading;
  std::vector<std::string> numbers;  ///< [row]
  std::vector<std::string> marks;    ///< [row] warning behind the number, or empty; no row at all: none
  std::string error;                 ///< for the foot: an error no row exceeds
  int drop = 0;                      ///< 0: always shown; else the order in which a narrow page gives it up
};

/// One table.
struct Block {
  enum class Overflow { drop, split };  ///< when too wide: give up columns, or go on below

  std::string title;
  std::string row_heading = "strategy";
  std::vector<std::string> rows;
  std::vector<Column> columns;
  Overflow overflow = Overflow::drop;
};

/// Marks a number that is not what its reader may take it for.
inline constexpr const char* kAboveAlpha = "▲";
inline constexpr const char* kPromiseBroken = "✗ promise";

/// In front of the errors in the foot of a block.
inline constexpr const char* kErrorLabel = "95 % error, at most";

struct Page {
  std::vector<std::string> heading;  ///< name and sentences about the world
  std::string replications;
  std::string looks;
  std::vector<std::string> warnings;  ///< before anything is read: partial, precision not reached
  std::vector<Block> blocks;
  std::vector<std::string> notes;  ///< legends of what was used
  std::vector<std::string> lints;
  std::vector<std::string> expectations;  ///< "holds       …"
};

/// Composes the page of a report; what does not fit into `width` columns and can be given up is.
Page compose_page(const Report& report, Layout layout, int width);

/// Blocks of the narrow layout: every grid point its own, or pivots for two and more axes.
std::vector<Block> narrow_blocks(const Report& report);

/// One block per measure, strategies down and grid points across.
std::vector<Block> pivot_blocks(const Report& report);

/// One block per cell, measures down and strategies across, every number with its error.
std::vector<Block> wide_blocks(const Report& report);

/// Legends for what the blocks show.
std::vector<std::string> notes_of(const Report& report, const std::vector<Block>& blocks);

/// The page as lines of a terminal.
///   files  named at the end
std::string page_text(const Page& page, const TableOptions& options, const std::vector<std::string>& files);

}  // namespace windtunnel

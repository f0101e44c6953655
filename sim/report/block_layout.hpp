#pragma once

#include <string>
#include <vector>

#include "page.hpp"

/// Where the parts of a block stand on a terminal; all widths in columns of the terminal.
namespace windtunnel {

/// Places of one column of a block: numbers, two spaces and marks side by side, inside `whole`.
struct Extent {
  int numbers = 0, marks = 0, whole = 0;
};

struct BlockLayout {
  int names = 0;                ///< the column of the rows' names
  std::vector<int> gaps;        ///< [column] spaces in front of it
  std::vector<Extent> extents;  ///< [column]
  int width = 0;                ///< of the whole block
};

/// Lays out a block with all its columns.
BlockLayout layout_of(const Block& block);

/// The block without the columns it gives up to fit into `width`; names are cut short when that is not
/// enough.
Block fitted(Block block, int width);

/// The block as parts that fit into `width`, each with the rows' names and one column at least.
std::vector<Block> panels(const Block& block, int width);

/// The error of a column's foot, with spaces in place of the unit of the numbers above; empty without one.
std::string foot_text(const Column& column);

/// Whether column `c` begins a group of its own.
bool starts_group(const Block& block, std::size_t c);

}  // namespace windtunnel

#pragma once

#include <string>
#include <vector>

#include "windtunnel/report/report.hpp"

namespace windtunnel {

enum class Encoding { utf8, ascii };
enum class Color { never, always };

/// `narrow` is the table people read first; `wide` has every measure with its own error, cell by cell.
enum class Layout { narrow, wide };

struct TableOptions {
  int width = 100;  ///< columns of the terminal; columns that say least are dropped to fit
  Encoding encoding = Encoding::utf8;
  Color color = Color::never;
  Layout layout = Layout::narrow;
};

/// The table of `run`: heading, numbers with their errors, notes, lints, expectations, files written.
///   files  named at the end; may be empty
std::string table_text(const Report& report, const TableOptions& options = {},
                       const std::vector<std::string>& files = {});

/// The same tables as Markdown (UTF-8, any width).
std::string markdown_text(const Report& report, Layout layout = Layout::narrow);

}  // namespace windtunnel

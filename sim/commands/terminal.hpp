#pragma once

#include "command.hpp"
#include "windtunnel/report/table.hpp"

namespace windtunnel {

/// How tables look on this standard output, as --color, --wide and the environment (NO_COLOR, TERM, COLUMNS,
/// LC_ALL, LC_CTYPE, LANG) have it. Colours and the terminal's width only where there is a terminal.
TableOptions table_options(const Arguments& arguments);

/// A text in the encoding of the locale: as it is, or with likenesses in ASCII.
std::string encoded(const std::string& text);

/// Whether a line that rewrites itself may be shown on standard error.
bool shows_progress();

/// Columns of the terminal behind a file descriptor; `otherwise` when there is none.
int terminal_width(int descriptor, int otherwise);

}  // namespace windtunnel

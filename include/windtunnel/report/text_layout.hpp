#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Text in a terminal's columns: UTF-8 letters are counted by the place they take, not by their bytes.
namespace windtunnel {

/// Columns a text takes: 2 for wide East Asian letters and emoji, 0 for combining marks, 1 for all others.
int display_width(std::string_view text);

enum class Align { left, right };

/// Fills up with spaces to `width` columns; longer texts stay as they are.
std::string padded(std::string_view text, int width, Align align);

/// At most `width` columns of a text (width >= 1), the last of them an ellipsis when something was cut off.
std::string shortened(std::string_view text, int width);

/// Lines of at most `width` columns, broken at spaces; the second and later ones begin with `indent` spaces.
/// A word that is too long gets a line of its own.
std::vector<std::string> wrapped(const std::string& text, int width, int indent);

/// The pieces with `separator` between them.
std::string joined(const std::vector<std::string>& pieces, std::string_view separator);

/// Joins pieces with `separator`, breaking the line between pieces so that lines have at most `width`
/// columns.
std::vector<std::string> joined_lines(const std::vector<std::string>& pieces, const std::string& separator,
                                      int width);

/// The same text in ASCII: "±" as "+-", "▲" as "!", letters without a likeness as "?".
std::string in_ascii(std::string_view text);

/// The same text with control characters (escape sequences, line breaks) as "?": what a scenario calls its
/// strategies must not steer a terminal.
std::string printable(std::string_view text);

}  // namespace windtunnel

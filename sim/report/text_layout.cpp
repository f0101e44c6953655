#include "windtunnel/report/text_layout.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace windtunnel {

namespace {

struct Letter {
  char32_t code;
  std::size_t bytes;
};

/// The letter that begins at `at`; a byte that is no UTF-8 counts as one letter.
Letter letter_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  const std::size_t bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
  if (bytes == 1 || at + bytes > text.size()) return {first, 1};
  char32_t code = first & (0xffu >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(at + i) & 0xc0u) != 0x80u) return {first, 1};
    code = (code << 6) | (byte(at + i) & 0x3fu);
  }
  return {code, bytes};
}

using Interval = std::pair<char32_t, char32_t>;

template <std::size_t n>
bool lies_in(char32_t code, const std::array<Interval, n>& intervals) {
  return std::any_of(intervals.begin(), intervals.end(),
                     [code](const Interval& i) { return i.first <= code && code <= i.second; });
}

/// Places a letter takes, after the blocks of Unicode's EastAsianWidth that are wide throughout.
int width_of(char32_t code) {
  constexpr std::array<Interval, 5> kCombining{
      {{0x300, 0x36f}, {0x200b, 0x200f}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}}};
  constexpr std::array<Interval, 8> kWide{{{0x1100, 0x115f},
                                           {0x2e80, 0xa4cf},
                                           {0xac00, 0xd7a3},
                                           {0xf900, 0xfaff},
                                           {0xfe30, 0xfe6f},
                                           {0xff00, 0xff60},
                                           {0x1f300, 0x1faff},
                                           {0x20000, 0x3fffd}}};
  if (lies_in(code, kCombining)) return 0;
  return lies_in(code, kWide) ? 2 : 1;
}

const char* likeness(char32_t code) {
  constexpr std::array<std::pair<char32_t, const char*>, 18> kLikeness{{{U'±', "+-"},
                                                                        {U'×', "x"},
                                                                        {U'·', "-"},
                                                                        {U'→', "->"},
                                                                        {U'▲', "!"},
                                                                        {U'✗', "x"},
                                                                        {U'✓', "+"},
                                                                        {U'α', "alpha"},
                                                                        {U'≤', "<="},
                                                                        {U'≥', ">="},
                                                                        {U'–', "-"},
                                                                        {U'─', "-"},
                                                                        {U'…', "..."},
                                                                        {U'−', "-"},
                                                                        {U'µ', "u"},
                                                                        {U'’', "'"},
                                                                        {U'“', "\""},
                                                                        {U'”', "\""}}};
  for (const auto& [letter, text] : kLikeness)
    if (letter == code) return text;
  return "?";
}

}  // namespace

int display_width(std::string_view text) {
  int width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Letter letter = letter_at(text, at);
    width += width_of(letter.code);
    at += letter.bytes;
  }
  return width;
}

std::string padded(std::string_view text, int width, Align align) {
  const std::string spaces(static_cast<std::size_t>(std::max(0, width - display_width(text))), ' ');
  return align == Align::left ? std::string(text) + spaces : spaces + std::string(text);
}

std::string shortened(std::string_view text, int width) {
  if (display_width(text) <= width) return std::string(text);
  std::size_t at = 0;
  for (int used = 0; at < text.size();) {
    const Letter letter = letter_at(text, at);
    used += width_of(letter.code);
    if (used > width - 1) break;
    at += letter.bytes;
  }
  return std::string(text.substr(0, at)) + "…";
}

std::vector<std::string> wrapped(const std::string& text, int width, int indent) {
  std::vector<std::string> words;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t space = std::min(text.find(' ', from), text.size());
    words.push_back(text.substr(from, space - from));
    from = space + 1;
  }
  std::vector<std::string> lines{words.front()};
  const std::string margin(static_cast<std::size_t>(indent), ' ');
  for (std::size_t w = 1; w < words.size(); ++w) {
    if (display_width(lines.back()) + 1 + display_width(words[w]) <= width)
      lines.back() += " " + words[w];
    else
      lines.push_back(margin + words[w]);
  }
  return lines;
}

std::string joined(const std::vector<std::string>& pieces, std::string_view separator) {
  std::string text;
  for (const std::string& piece : pieces) {
    if (&piece != &pieces.front()) text += separator;
    text += piece;
  }
  return text;
}

std::vector<std::string> joined_lines(const std::vector<std::string>& pieces, const std::string& separator,
                                      int width) {
  std::vector<std::string> lines;
  for (const std::string& piece : pieces) {
    if (piece.empty()) continue;
    if (lines.empty() || display_width(lines.back() + separator + piece) > width)
      lines.push_back(piece);
    else
      lines.back() += separator + piece;
  }
  return lines;
}

std::string in_ascii(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const Letter letter = letter_at(text, at);
    if (letter.code < 0x80)
      result += static_cast<char>(letter.code);
    else
      result += likeness(letter.code);
    at += letter.bytes;
  }
  return result;
}

std::string printable(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const Letter letter = letter_at(text, at);
    const bool is_control = letter.code < 0x20 || (letter.code >= 0x7f && letter.code < 0xa0) ||
                            (letter.bytes == 1 && letter.code >= 0x80);
    result += is_control ? "?" : std::string(text.substr(at, letter.bytes));
    at += letter.bytes;
  }
  return result;
}

}  // namespace windtunnel

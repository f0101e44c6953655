#include "terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <string>

#include "windtunnel/report/text_layout.hpp"

namespace windtunnel {

namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool is_dumb() {
  return variable("TERM") == "dumb";
}

/// UTF-8 unless the locale names another encoding: containers name none, and their terminals speak UTF-8.
Encoding encoding() {
  std::string locale = variable("LC_ALL");
  if (locale.empty()) locale = variable("LC_CTYPE");
  if (locale.empty()) locale = variable("LANG");
  std::transform(locale.begin(), locale.end(), locale.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const bool is_utf8 =
      locale.empty() || locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
  return is_utf8 ? Encoding::utf8 : Encoding::ascii;
}

Color color(const std::string& when) {
  if (when != "auto") return when == "always" ? Color::always : Color::never;
  const bool wanted = isatty(STDOUT_FILENO) != 0 && variable("NO_COLOR").empty() && !is_dumb();
  return wanted ? Color::always : Color::never;
}

}  // namespace

int terminal_width(int descriptor, int otherwise) {
  constexpr int kNarrowest = 40;
  winsize size{};
  if (isatty(descriptor) == 0) return otherwise;
  if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return std::max<int>(size.ws_col, kNarrowest);
  const int columns = std::atoi(variable("COLUMNS").c_str());
  return columns > 0 ? std::max(columns, kNarrowest) : otherwise;
}

bool shows_progress() {
  return isatty(STDERR_FILENO) != 0 && !is_dumb();
}

std::string encoded(const std::string& text) {
  return encoding() == Encoding::ascii ? in_ascii(text) : text;
}

TableOptions table_options(const Arguments& arguments) {
  TableOptions options;
  options.width = terminal_width(STDOUT_FILENO, options.width);
  options.encoding = encoding();
  options.color = color(arguments.text("color").value_or("auto"));
  options.layout = arguments.has("wide") ? Layout::wide : Layout::narrow;
  return options;
}

}  // namespace windtunnel

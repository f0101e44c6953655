#include "page.hpp"
#include "windtunnel/report/table.hpp"

namespace windtunnel {

namespace {

constexpr int kAnyWidth = 1'000'000;

/// Text inside a table: what Markdown would read as its own is escaped.
std::string escaped(const std::string& text) {
  std::string result;
  for (char c : text) {
    if (std::string("\\|*`<>[]").find(c) != std::string::npos) result += '\\';
    result += c;
  }
  return result;
}

std::string table_of(const Block& block) {
  std::string heading = "| " + block.row_heading + " |", rule = "| --- |",
              foot = "| " + std::string(kErrorLabel) + " |";
  bool has_foot = false;
  for (const Column& column : block.columns) {
    heading +=
        " " + (column.group.empty() ? "" : escaped(column.group) + ": ") + escaped(column.heading) + " |";
    rule += " ---: |";
    foot += " " + column.error + " |";
    has_foot = has_foot || !column.error.empty();
  }
  std::string text = heading + "\n" + rule + "\n";
  for (std::size_t r = 0; r < block.rows.size(); ++r) {
    text += "| " + escaped(block.rows[r]) + " |";
    for (const Column& column : block.columns) {
      const std::string mark =
          r < column.marks.size() && !column.marks[r].empty() ? " " + column.marks[r] : "";
      text += " " + column.numbers[r] + mark + " |";
    }
    text += "\n";
  }
  return has_foot ? text + foot + "\n" : text;
}

std::string list_of(const std::string& title, const std::vector<std::string>& items) {
  if (items.empty()) return "";
  std::string text = "\n" + title + (title.empty() ? "" : "\n\n");
  for (const std::string& item : items) text += "- " + escaped(item) + "\n";
  return text;
}

}  // namespace

std::string markdown_text(const Report& report, Layout layout) {
  const Page page = compose_page(report, layout, kAnyWidth);
  std::string text = "# " + escaped(page.heading.front()) + "\n\n";
  std::string sentence;
  for (std::size_t i = 1; i < page.heading.size(); ++i)
    if (!page.heading[i].empty()) sentence += (sentence.empty() ? "" : " · ") + escaped(page.heading[i]);
  text += sentence + "\n\n" + page.replications + " · " + page.looks + "\n";
  for (const std::string& warning : page.warnings) text += "\n**" + escaped(warning) + "**\n";
  for (const Block& block : page.blocks)
    text += "\n" + (block.title.empty() ? "" : "## " + escaped(block.title) + "\n\n") + table_of(block);
  text += list_of("", page.notes);
  text += list_of("Lints:", page.lints);
  text += list_of("Expectations:", page.expectations);
  return text;
}

}  // namespace windtunnel

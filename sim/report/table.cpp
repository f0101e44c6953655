#include "windtunnel/report/table.hpp"

#include <algorithm>

#include "block_layout.hpp"
#include "block_text.hpp"
#include "windtunnel/report/text_layout.hpp"

namespace windtunnel {

namespace {

void append(std::string& text, const std::vector<std::string>& lines) {
  for (const std::string& line : lines) text += line + "\n";
}

/// A list of sentences under a word, or nothing without sentences.
void append_list(std::string& text, const std::string& word, const std::vector<std::string>& sentences,
                 int width) {
  if (!sentences.empty()) text += "\n";
  for (const std::string& sentence : sentences)
    append(text, wrapped(word + sentence, width, display_width(word)));
}

/// Replications on the left, looks on the right edge of the tables.
std::vector<std::string> second_line(const Page& page, int edge) {
  const int between = edge - display_width(page.replications) - display_width(page.looks);
  if (between < 2) return {page.replications, page.looks};
  return {page.replications + padded(page.looks, edge - display_width(page.replications), Align::right)};
}

template <class Change>
void change_texts(std::vector<std::string>& texts, Change change) {
  for (std::string& text : texts) text = change(text);
}

Page as_ascii(Page page) {
  const auto ascii = [](const std::string& text) { return in_ascii(text); };
  for (std::vector<std::string>* texts :
       {&page.heading, &page.warnings, &page.notes, &page.lints, &page.expectations})
    change_texts(*texts, ascii);
  page.looks = in_ascii(page.looks);
  for (Block& block : page.blocks) {
    block.title = in_ascii(block.title);
    change_texts(block.rows, ascii);
    for (Column& column : block.columns) {
      for (std::string* text : {&column.group, &column.heading, &column.error}) *text = in_ascii(*text);
      change_texts(column.numbers, ascii);
      change_texts(column.marks, ascii);
    }
  }
  return page;
}

int edge_of(const std::vector<Block>& blocks, int width) {
  int edge = 0;
  for (const Block& block : blocks) {
    const std::vector<Block> parts =
        block.overflow == Block::Overflow::drop ? std::vector{fitted(block, width)} : panels(block, width);
    for (const Block& part : parts) edge = std::max(edge, layout_of(part).width);
  }
  return std::min(edge, width);
}

}  // namespace

std::string page_text(const Page& given, const TableOptions& options, const std::vector<std::string>& files) {
  const bool utf8 = options.encoding == Encoding::utf8;
  const Page page = utf8 ? given : as_ascii(given);
  std::string text;
  append(text, joined_lines(page.heading, utf8 ? " · " : " - ", options.width));
  append(text, second_line(page, edge_of(page.blocks, options.width)));
  for (const std::string& warning : page.warnings) append(text, wrapped(warning, options.width, 2));
  for (const Block& block : page.blocks) text += "\n" + block_text(block, options);
  for (const std::string& note : page.notes) append(text, wrapped(note, options.width, 2));
  append_list(text, "lint    ", page.lints, options.width);
  append_list(text, "expect  ", page.expectations, options.width);
  append_list(text, "wrote   ", files, options.width);
  return text;
}

std::string table_text(const Report& report, const TableOptions& options,
                       const std::vector<std::string>& files) {
  return page_text(compose_page(report, options.layout, options.width), options, files);
}

}  // namespace windtunnel

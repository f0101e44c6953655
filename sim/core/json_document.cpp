#include "windtunnel/core/json_document.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_set>
#include <utility>

#include "windtunnel/core/error.hpp"

namespace windtunnel {

namespace {

/// Line and column of a byte, both counted from 1; columns count characters, not bytes.
std::string place_in(const std::string& text, std::size_t offset) {
  std::size_t line = 1, column = 1;
  for (std::size_t i = 0; i < std::min(offset, text.size()); ++i) {
    if (text[i] == '\n') {
      ++line;
      column = 1;
    } else if ((static_cast<unsigned char>(text[i]) & 0xc0u) != 0x80u) {
      ++column;
    }
  }
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

/// What comes after `mark` in a text, up to `end`; empty without it.
std::string between(const std::string& text, const std::string& mark, const std::string& end) {
  const std::size_t at = text.find(mark);
  if (at == std::string::npos) return "";
  return text.substr(at + mark.size(), text.find(end, at) - at - mark.size());
}

/// The parser's complaint in words for people.
std::string syntax_message(const std::string& complaint, const std::string& token, char before) {
  const std::string unexpected = between(complaint, "unexpected ", "; ");
  if (unexpected == "end of input") return "the text ends before everything that was opened is closed";
  if ((token == "}" || token == "]") && before == ',')
    return "a comma before " + token + " has nothing after it";
  const bool in_container = complaint.find("expected '}'") != std::string::npos ||
                            complaint.find("expected ']'") != std::string::npos;
  if (in_container) return "a comma is missing before " + token;
  if (complaint.find("parsing object separator") != std::string::npos)
    return "a colon is missing before " + token;
  if (complaint.find("parsing object key") != std::string::npos && !unexpected.empty())
    return token + " cannot be a key: keys are strings in double quotes";
  if (complaint.find("invalid literal") != std::string::npos)
    return token + " is not JSON: strings stand in double quotes; words are true, false and null";
  if (!unexpected.empty() && complaint.find("expected end of input") != std::string::npos)
    return "the document ends before " + token;
  if (!unexpected.empty()) return "a value is missing before " + token;
  return between(complaint, " - ", "; last read") + ": " + token;
}

/// Receives a parser's events and builds the document.
class Builder {
 public:
  using Number = double;

  explicit Builder(const std::string& text) : text_(text) {}

  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(Json::number_integer_t value) { return add(value); }
  bool number_unsigned(Json::number_unsigned_t value) { return add(value); }
  bool number_float(Number value, const std::string&) { return add(value); }
  bool string(std::string& value) { return add(std::move(value)); }
  bool binary(Json::binary_t&) { return false; }
  bool start_object(std::size_t) { return open(Json::object()); }
  bool start_array(std::size_t) { return open(Json::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(std::string& key) {
    Level& level = levels_.back();
    level.key = key;
    level.repeated = !level.keys.insert(key).second;
    if (level.repeated) problems_.push_back({child(level.pointer, key), "duplicate key"});
    return true;
  }

  template <class Error>
  bool parse_error(std::size_t position, const std::string& token, const Error& error) {
    const std::string complaint = error.what();
    if (complaint.find("number overflow") != std::string::npos)
      return fail(position - token.size(), token + " is too large for a number");
    // Tokens hold no line breaks, so that their text has the length it has in the document; comments may.
    const bool is_token = complaint.find("unexpected ") != std::string::npos && token.size() <= position;
    const std::size_t start = is_token ? position - token.size() : position == 0 ? 0 : position - 1;
    char before = ' ';
    for (std::size_t i = 0; i < std::min(start, text_.size()); ++i)
      if (text_[i] != ' ' && text_[i] != '\n' && text_[i] != '\t' && text_[i] != '\r') before = text_[i];
    return fail(start, syntax_message(complaint, token.size() > 40 ? "this" : token, before));
  }

  /// The document; throws what was found wrong with it.
  Json finish() {
    if (!problems_.empty()) throw InputError(std::move(problems_));
    return std::move(root_);
  }

 private:
  /// An object or list that is still open.
  struct Level {
    Json value;
    std::string pointer, key;
    std::unordered_set<std::string> keys;
    bool repeated = false;  // the present key has been there before
  };

  bool fail(std::size_t offset, const std::string& message) {
    problems_.push_back({"", place_in(text_, offset) + ": " + message});
    return false;
  }

  bool open(Json container) {
    if (levels_.size() == kDeepestNesting) {
      problems_.push_back({"", "nested more than " + std::to_string(kDeepestNesting) + " levels deep"});
      return false;
    }
    std::string pointer;
    if (!levels_.empty()) {
      const Level& level = levels_.back();
      pointer =
          level.value.is_array() ? child(level.pointer, level.value.size()) : child(level.pointer, level.key);
    }
    levels_.push_back({std::move(container), std::move(pointer), "", {}});
    return true;
  }

  bool close() {
    Json value = std::move(levels_.back().value);
    levels_.pop_back();
    return add(std::move(value));
  }

  bool add(Json value) {
    if (levels_.empty()) {
      root_ = std::move(value);
    } else if (Level& level = levels_.back(); level.value.is_array()) {
      level.value.push_back(std::move(value));
    } else if (!level.repeated) {
      // Appends without the search for an equal key that would make long objects slow.
      level.value.get_ref<Json::object_t&>().push_back({level.key, std::move(value)});
    }
    return true;
  }

  const std::string& text_;
  std::vector<Level> levels_;
  std::vector<Problem> problems_;
  Json root_;
};

}  // namespace

Json parse_document(const std::string& text) {
  Builder builder(text);
  Json::sax_parse(text, &builder, Json::input_format_t::json, true, true);
  return builder.finish();
}

std::string quoted(const Json& value) {
  constexpr std::size_t kLongest = 60;
  std::string text = with_plain_integers(value).dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() <= kLongest) return text;
  std::size_t end = kLongest;
  // Never in the middle of a character.
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0u) == 0x80u) --end;
  return text.substr(0, end) + "...";
}

Json with_plain_integers(Json value) {
  constexpr double kExact = 0x1p53;
  if (value.is_structured())
    for (Json& element : value) element = with_plain_integers(std::move(element));
  if (!value.is_number_float()) return value;
  const double x = value.get<double>();
  const bool integral = std::fabs(x) < kExact && x == std::floor(x);
  return integral ? Json(static_cast<std::int64_t>(x)) : value;
}

}  // namespace windtunnel

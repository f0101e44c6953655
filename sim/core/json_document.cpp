#include "windtunnel/core/json_document.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <unordered_set>
#include <utility>

#include "windtunnel/core/error.hpp"

template class nlohmann::basic_json<nlohmann::ordered_map>;

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

/// Bytes of the UTF-8 letter that begins at `at`; 0 when none does, or a zero, which no text holds.
///   source  The Unicode Standard 15, table 3-7, but for its rules on overlong and surrogate forms, which the
///           parser applies
std::size_t letter_bytes(const std::string& text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  const std::size_t bytes = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (first == 0 || first > 0xf4 || at + bytes > text.size()) return 0;
  for (std::size_t i = 1; i < bytes; ++i)
    if ((static_cast<unsigned char>(text[at + i]) & 0xc0u) != 0x80u) return 0;
  return bytes;
}

/// Complains of UTF-16, of other encodings and of files that are no text.
void check_encoding(const std::string& text) {
  std::size_t bytes = 1;
  for (std::size_t at = 0; at < text.size(); at += bytes) {
    bytes = letter_bytes(text, at);
    if (bytes == 0)
      throw InputError("", place_in(text, at) + ": not text in UTF-8 (another encoding, or a binary file)");
  }
}

/// What comes after `mark` in a text, up to `end`; empty without it.
std::string between(const std::string& text, const std::string& mark, const std::string& end) {
  const std::size_t at = text.find(mark);
  if (at == std::string::npos) return "";
  return text.substr(at + mark.size(), text.find(end, at) - at - mark.size());
}

constexpr const char* kDelimiters = " \t\r\n,:[]{}\"";

bool is_delimiter(const std::string& text, std::size_t offset) {
  return offset >= text.size() || std::strchr(kDelimiters, text[offset]) != nullptr;
}

/// Where the word, string or bracket that holds a byte begins, and its text.
struct Token {
  std::size_t begin;
  std::string text;
};

Token token_at(const std::string& text, std::size_t offset) {
  constexpr std::size_t kLongest = 40;
  if (offset >= text.size()) return {text.size(), ""};
  std::size_t begin = offset, end = offset + 1;
  if (text[offset] == '"') {
    while (begin > 0 && (text[--begin] != '"' || (begin > 0 && text[begin - 1] == '\\'))) continue;
  } else if (!is_delimiter(text, offset)) {
    begin = text.find_last_of(kDelimiters, offset) + 1;
    end = std::min(text.find_first_of(kDelimiters, offset), text.size());
  }
  return {begin, end - begin > kLongest ? "this" : text.substr(begin, end - begin)};
}

/// The parser's complaint in words for people.
///   before  the last byte in front of the token that is no space
std::string syntax_message(const std::string& complaint, const std::string& token, char before) {
  const auto says = [&complaint](const char* words) { return complaint.find(words) != std::string::npos; };
  const std::string unexpected = between(complaint, "unexpected ", "; ");
  if (says("number overflow")) return token + " is too large for a number";
  if (says("invalid literal"))
    return token +
           " is not JSON: strings stand in double quotes; the only bare words are true, false and null";
  if (unexpected.empty()) return between(complaint, " - ", "; last read");
  if ((token == "}" || token == "]") && before == ',') return "a comma with nothing after it";
  if (says("; expected '}'") || says("; expected ']'")) return "a comma is missing before " + token;
  if (says("parsing object separator")) return "a colon is missing before " + token;
  if (says("parsing object key")) return token + " cannot be a key: keys are strings in double quotes";
  if (says("expected end of input")) return "the document ends before " + token;
  return "a value is missing before " + token;
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
    if (level.repeated) duplicates_.push_back({child(level.pointer, key), "duplicate key"});
    return true;
  }

  template <class Error>
  bool parse_error(std::size_t position, const std::string&, const Error& error) {
    if (std::strstr(error.what(), "unexpected end of input") != nullptr) {
      const char* message =
          levels_.empty() ? "there is nothing to read" : "the text ends before everything is closed";
      problems_.push_back({"", place_in(text_, text_.size()) + ": " + message});
      return false;
    }
    std::size_t offset = position == 0 ? 0 : position - 1;
    // A misspelt word is noticed at the character after it.
    if (std::strstr(error.what(), "invalid literal") != nullptr && is_delimiter(text_, offset) && offset > 0)
      --offset;
    const Token token = token_at(text_, offset);
    const std::size_t before =
        token.begin == 0 ? std::string::npos : text_.find_last_not_of(" \t\r\n", token.begin - 1);
    const std::string message =
        syntax_message(error.what(), token.text, before == std::string::npos ? ' ' : text_[before]);
    problems_.push_back({"", place_in(text_, token.begin) + ": " + message});
    return false;
  }

  /// The document; throws what was found wrong with it, duplicate keys only where nobody wants to hear of
  /// them.
  Json finish(std::vector<Problem>* duplicates) {
    if (duplicates == nullptr || !problems_.empty())
      problems_.insert(problems_.begin(), duplicates_.begin(), duplicates_.end());
    if (!problems_.empty()) throw InputError(std::move(problems_));
    if (duplicates != nullptr) *duplicates = std::move(duplicates_);
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
  std::vector<Problem> problems_, duplicates_;
  Json root_;
};

}  // namespace

Json parse_document(const std::string& text, std::vector<Problem>* duplicates) {
  check_encoding(text);
  Builder builder(text);
  Json::sax_parse(text, &builder, Json::input_format_t::json, true, true);
  return builder.finish(duplicates);
}

std::string shown(const Json& value) {
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

#include "windtunnel/core/sample.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>

#include "windtunnel/core/error.hpp"
#include "windtunnel/core/number_text.hpp"
#include "windtunnel/core/reading.hpp"

namespace windtunnel {

namespace {

constexpr i64 kMostSeen = i64{1} << 53;  // counts are compared and added as doubles

/// The cells of one line; a quote inside quotes is written twice (RFC 4180, without line breaks in cells).
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"')
      cells.back() += line[++i];
    else if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      cells.emplace_back();
    else
      cells.back() += c;
  }
  for (std::string& cell : cells) {
    cell.erase(0, cell.find_first_not_of(" \t"));
    cell.erase(cell.find_last_not_of(" \t") + 1);
  }
  return cells;
}

/// The lines of a text, numbered from 1, without their ends and a byte order mark.
class Lines {
 public:
  explicit Lines(const std::string& text) : text_(text), at_(text.starts_with("\xEF\xBB\xBF") ? 3 : 0) {}

  bool next(std::string& line) {
    if (at_ >= text_.size()) return false;
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    line = text_.substr(at_, end - at_);
    if (line.ends_with('\r')) line.pop_back();
    at_ = end + 1;
    ++number_;
    return true;
  }
  int number() const { return number_; }

 private:
  const std::string& text_;
  std::size_t at_;
  int number_ = 0;
};

[[noreturn]] void refuse(const SampleFile& sample, int line, const std::string& problem) {
  throw InputError("", sample.file + ":" + std::to_string(line) + ": " + problem);
}

std::size_t column_of(const SampleFile& sample, const std::vector<std::string>& header,
                      const std::string& name) {
  const auto found = std::find(header.begin(), header.end(), name);
  if (found == header.end())
    refuse(sample, 1,
           "there is no column '" + name + "' (the header names " + listed(header) + ")" +
               suggestion(name, header));
  return static_cast<std::size_t>(found - header.begin());
}

template <class Number>
std::optional<Number> number_in(const std::string& cell) {
  Number number{};
  const char* const end = cell.data() + cell.size();
  const auto [stop, error] = std::from_chars(cell.data(), end, number);
  if (cell.empty() || error != std::errc() || stop != end) return {};
  return number;
}

const std::string& cell_at(const SampleFile& sample, int line, const std::vector<std::string>& cells,
                           std::size_t column) {
  if (column >= cells.size())
    refuse(sample, line,
           "has " + counted(cells.size(), "cell") + ", too few to have one in column " +
               std::to_string(column + 1));
  return cells[column];
}

double value_at(const SampleFile& sample, int line, const std::vector<std::string>& cells,
                std::size_t column) {
  const std::string& cell = cell_at(sample, line, cells, column);
  const auto value = number_in<double>(cell);
  if (!value || !std::isfinite(*value)) refuse(sample, line, "'" + cell + "' is not a number");
  return *value == 0 ? 0 : *value;  // -0 is 0
}

i64 count_at(const SampleFile& sample, int line, const std::vector<std::string>& cells, std::size_t column) {
  const std::string& cell = cell_at(sample, line, cells, column);
  const auto count = number_in<i64>(cell);
  if (!count || *count < 0 || *count > kMostSeen)
    refuse(sample, line, "'" + cell + "' is not a count (needs a whole number, at least 0)");
  return *count;
}

}  // namespace

double SampleFile::central_moment(int k) const {
  const double centre = mean();
  double sum = 0, count = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    double power = 1;
    for (int factor = 0; factor < k; ++factor) power *= values[i] - centre;
    sum += static_cast<double>(counts[i]) * power;
    count += static_cast<double>(counts[i]);
  }
  return sum / count;
}

double SampleFile::mean() const {
  double sum = 0, count = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    sum += values[i] * static_cast<double>(counts[i]);
    count += static_cast<double>(counts[i]);
  }
  return sum / count;
}

void read_sample(const std::string& text, SampleFile& sample) {
  Lines lines(text);
  std::string line;
  if (!lines.next(line)) refuse(sample, 1, "the file is empty (its first line must name the columns)");
  const std::vector<std::string> header = cells_of(line);
  const bool is_histogram = sample.column.empty();
  const std::size_t value_column = column_of(sample, header, is_histogram ? "value" : sample.column);
  const std::size_t count_column = is_histogram ? column_of(sample, header, "count") : 0;
  std::map<double, i64> seen;
  i64 total = 0;
  while (lines.next(line)) {
    if (line.find_first_not_of(" \t") == std::string::npos) continue;
    const std::vector<std::string> cells = cells_of(line);
    const double value = value_at(sample, lines.number(), cells, value_column);
    const i64 count = is_histogram ? count_at(sample, lines.number(), cells, count_column) : 1;
    if (count == 0) continue;
    total += count;
    if (total > kMostSeen) refuse(sample, lines.number(), "more values than can be counted");
    seen[value] += count;
  }
  if (seen.empty()) refuse(sample, lines.number(), "there is no value (needs at least 1)");
  sample.values.clear();
  sample.counts.clear();
  for (const auto& [value, count] : seen) {
    sample.values.push_back(value);
    sample.counts.push_back(count);
  }
}

}  // namespace windtunnel

#include "windtunnel/core/error.hpp"

#include <algorithm>
#include <utility>

namespace windtunnel {

namespace {

constexpr std::size_t kShortestBeginning = 4;
constexpr std::size_t kLongestWord =
    80;  // nobody mistypes longer names, and the distance costs length squared

std::string line(const Problem& problem) {
  return problem.where.empty() ? problem.message : problem.where + ": " + problem.message;
}

std::string lines(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) {
    if (!text.empty()) text += '\n';
    text += line(problem);
  }
  return text;
}

/// Letters in lower case; hyphens and spaces as underscores.
std::string plain(const std::string& word) {
  std::string result = word;
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '-' || c == ' ') c = '_';
  }
  return result;
}

/// Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b` (optimal string
/// alignment).
std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

}  // namespace

InputError::InputError(std::vector<Problem> problems)
    : std::runtime_error(lines(problems)), problems_(std::move(problems)) {}

InputError::InputError(std::string where, std::string message)
    : InputError(std::vector<Problem>{{std::move(where), std::move(message)}}) {}

std::string InputError::report(const std::string& file) const {
  std::string text;
  for (const Problem& problem : problems_) text += visible(file + ": " + line(problem)) + "\n";
  return text;
}

void Problems::tell() const {
  if (!problems_.empty()) throw InputError(problems_);
}

void Problems::keep(Problem problem) {
  const auto is_same = [&problem](const Problem& other) {
    return other.where == problem.where && other.message == problem.message;
  };
  if (std::none_of(problems_.begin(), problems_.end(), is_same)) problems_.push_back(std::move(problem));
}

std::string visible(const std::string& text) {
  const auto byte = [&text](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const auto hexadecimal = [](unsigned value) {
    return std::string{"0123456789abcdef"[value >> 4], "0123456789abcdef"[value & 15u]};
  };
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    const unsigned first = byte(i);
    const std::size_t bytes = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    bool is_letter = first < 0x80 || first >= 0xc0;
    for (std::size_t k = 1; k < bytes; ++k) is_letter = is_letter && (byte(i + k) & 0xc0u) == 0x80u;
    if (!is_letter) {
      result += "\\x" + hexadecimal(first);
      ++i;
      continue;
    }
    const bool is_control = first < 0x20 || first == 0x7f || (first == 0xc2 && byte(i + 1) < 0xa0);
    result += is_control ? "\\u00" + hexadecimal(byte(i + bytes - 1)) : text.substr(i, bytes);
    i += bytes;
  }
  return result;
}

std::string did_you_mean(const std::string& word, const std::vector<std::string>& candidates) {
  if (word.size() > kLongestWord) return "";
  const std::string typed = plain(word);
  std::string best;
  std::size_t best_distance = kLongestWord;
  for (const std::string& candidate : candidates) {
    const std::size_t longest = std::max(word.size(), candidate.size());
    if (longest > kLongestWord) continue;
    const bool begins = typed.size() >= kShortestBeginning && plain(candidate).starts_with(typed);
    const std::size_t d = distance(typed, plain(candidate));
    if ((d <= longest / 3 || begins) && d < best_distance) {
      best = candidate;
      best_distance = d;
    }
  }
  return best;
}

}  // namespace windtunnel

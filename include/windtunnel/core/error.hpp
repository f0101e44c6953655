#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace windtunnel {

/// One thing that is wrong with what a person gave us, in words for that person.
struct Problem {
  std::string where;    ///< JSON Pointer into the scenario, or empty
  std::string message;  ///< offending value, what is allowed, what was probably meant
};

/// Everything that is wrong with an input, reported together (exit status 2).
class InputError : public std::runtime_error {
 public:
  explicit InputError(std::vector<Problem> problems);
  InputError(std::string where, std::string message);

  const std::vector<Problem>& problems() const { return problems_; }

  /// One line per problem: `file: pointer: message`, control characters made visible.
  std::string report(const std::string& file) const;

 private:
  std::vector<Problem> problems_;
};

/// Gathers what is wrong with several parts, so that all of it is told together.
class Problems {
 public:
  /// Does one part. Problems that it throws are kept, each once.
  ///   place  JSON Pointer that theirs are relative to
  template <class Part>
  void gather(const std::string& place, Part part) {
    try {
      part();
    } catch (const InputError& error) {
      for (const Problem& problem : error.problems()) keep({place + problem.where, problem.message});
    }
  }

  /// Throws all that was gathered as one InputError, if there is anything.
  void tell() const;

 private:
  void keep(Problem problem);

  std::vector<Problem> problems_;
};

/// A result could not be written or read (exit status 1).
class OutputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A text with its control characters, and bytes that are no UTF-8, written as \\u001b or \\x9b: what a file
/// or a key is called must not steer the terminal that shows it.
std::string visible(const std::string& text);

/// The name in `candidates` that `word` was probably meant to be, or an empty string.
///   distance  optimal string alignment, letter case and hyphens aside; at most a third of the letters may
///             differ, or the word is the beginning of the name
std::string did_you_mean(const std::string& word, const std::vector<std::string>& candidates);

}  // namespace windtunnel

#pragma once

#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "windtunnel/core/types.hpp"

namespace windtunnel {

/// The command line itself is wrong (exit status 2).
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Scenarios or results are wrong: what() is the whole report, one line per problem (exit status 2).
class RefusedInput : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Exit statuses of the program.
enum Exit : int { kGood = 0, kInternal = 1, kUsage = 2, kExpectationFailed = 3, kInterrupted = 130 };

/// One option of a command: help, parsing and completion all read it.
struct Option {
  const char* name;      ///< long name without dashes
  const char* letter;    ///< short name or ""
  const char* argument;  ///< what follows it, such as "N"; "" for a flag
  const char* summary;
  const char* choices = "";  ///< words that may follow, separated by spaces
};

/// What was given to a command.
class Arguments {
 public:
  std::vector<std::string> command_line;  ///< as typed, program's name first
  std::vector<std::string> positional;
  std::map<std::string, std::vector<std::string>> options;  ///< by long name; flags hold one empty text

  bool has(const std::string& option) const { return options.contains(option); }
  std::optional<std::string> text(const std::string& option) const;
  /// A whole number such as 1000, 1e6 or 1_000; throws UsageError otherwise or outside [low, high].
  std::optional<i64> whole(const std::string& option, i64 low, i64 high) const;
};

/// One command of the program.
struct Command {
  const char* name;
  const char* arguments;  ///< as shown in help, such as "FILE..."
  const char* summary;
  const char* example;
  std::span<const Option> options;
  const char* completes;  ///< what positional arguments complete to: "files", "names", ""
  int (*execute)(const Arguments&);
};

/// Every command there is; help, dispatch, spelling hints and completions loop over it.
std::span<const Command> commands();

/// Runs the program: finds the command, parses, executes, turns exceptions into messages and exit statuses.
int run_program(std::vector<std::string> arguments);

/// Text of `windtunnel --help` and of `windtunnel COMMAND --help`.
std::string program_help();
std::string command_help(const Command& command);

int execute_run(const Arguments& arguments);
int execute_check(const Arguments& arguments);
int execute_list(const Arguments& arguments);
int execute_explain(const Arguments& arguments);
int execute_schema(const Arguments& arguments);
int execute_example(const Arguments& arguments);
int execute_replay(const Arguments& arguments);
int execute_merge(const Arguments& arguments);
int execute_completions(const Arguments& arguments);

}  // namespace windtunnel

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "command.hpp"
#include "windtunnel/core/build_info.hpp"
#include "windtunnel/core/error.hpp"

namespace windtunnel {

namespace {

/// "; did you mean ...?", or nothing when no name looks like what was given.
std::string hint(const std::string& given, const std::vector<std::string>& known) {
  const std::string meant = did_you_mean(given, known);
  return meant.empty() ? "" : fmt::format("; did you mean '{}'?", meant);
}

/// A name that is not known, with what was probably meant.
UsageError unknown(const std::string& what, const std::string& given, const std::vector<std::string>& known) {
  const std::string name = given.substr(0, given.find('='));  // of --name=value
  return UsageError(fmt::format("unknown {} '{}'{}", what, name, hint(name, known)));
}

const Command& find_command(const std::string& name) {
  std::vector<std::string> names;
  for (const Command& command : commands()) {
    if (name == command.name) return command;
    names.emplace_back(command.name);
  }
  if (std::filesystem::is_regular_file(name))
    throw UsageError(fmt::format("'{}' is a file; did you mean `windtunnel run {}`?", name, name));
  names.insert(names.end(), {"--help", "--version"});
  throw unknown("command", name, names);
}

std::string flags_of(const Option& option) {
  const std::string letter = option.letter[0] != '\0' ? fmt::format("-{},", option.letter) : "";
  return letter + "--" + option.name;
}

/// Checks a word against the choices of its option.
void check_choice(const Option& option, const std::string& value) {
  const std::string choices = option.choices;
  if (choices.empty()) return;
  std::vector<std::string> words;
  for (std::size_t from = 0; from <= choices.size();) {
    const std::size_t end = std::min(choices.find(' ', from), choices.size());
    words.push_back(choices.substr(from, end - from));
    from = end + 1;
  }
  if (std::find(words.begin(), words.end(), value) == words.end())
    throw UsageError(
        fmt::format("--{}: '{}' is not one of {}{}", option.name, value, choices, hint(value, words)));
}

/// What is wrong with a command line, in words for people.
std::string spoken(const Command& command, const CLI::ParseError& error) {
  const std::string text = error.what(), name = text.substr(0, text.find(':'));
  for (const Option& option : command.options)
    if (option.argument[0] != '\0' && name == fmt::format("--{}", option.name))
      return fmt::format("{} needs a value: {} {}", name, name, option.argument);
  return text;
}

/// Everything after the first "--", which ends the options; taken out of `given`.
std::vector<std::string> take_after_dashes(std::vector<std::string>& given) {
  const auto dashes = std::find(given.begin(), given.end(), "--");
  std::vector<std::string> rest;
  if (dashes != given.end()) rest.assign(dashes + 1, given.end());
  given.erase(dashes, given.end());
  return rest;
}

Arguments parse(const Command& command, std::vector<std::string> given) {
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  std::map<std::string, std::vector<std::string>> values;
  std::map<std::string, int> flags;
  for (const Option& option : command.options) {
    if (option.argument[0] == '\0')
      app.add_flag(flags_of(option), flags[option.name]);
    else
      app.add_option(flags_of(option), values[option.name])->type_size(1)->allow_extra_args(false);
  }
  const std::vector<std::string> after_dashes = take_after_dashes(given);
  std::reverse(given.begin(), given.end());  // CLI11 takes them from the back
  try {
    app.parse(given);
  } catch (const CLI::ParseError& error) {
    throw UsageError(spoken(command, error));
  }
  Arguments arguments;
  for (const auto& [name, texts] : values)
    if (!texts.empty()) arguments.options[name] = texts;
  for (const auto& [name, count] : flags)
    if (count > 0) arguments.options[name] = {""};
  std::vector<std::string> known;
  for (const Option& option : command.options) known.push_back(fmt::format("--{}", option.name));
  for (const std::string& extra : app.remaining()) {
    if (extra.size() > 1 && extra[0] == '-') throw unknown("option", extra, known);
    arguments.positional.push_back(extra);
  }
  arguments.positional.insert(arguments.positional.end(), after_dashes.begin(), after_dashes.end());
  for (const Option& option : command.options)
    if (arguments.has(option.name) && option.argument[0] != '\0')
      for (const std::string& value : arguments.options[option.name]) check_choice(option, value);
  return arguments;
}

std::string version_text() {
  return fmt::format("windtunnel {} ({}, {}, {})\n", version(), git_revision(), compiler(),
                     instruction_set());
}

int dispatch(std::vector<std::string> given) {
  if (given.empty()) {
    fmt::print(stderr, "{}", program_help());
    return kUsage;
  }
  const std::string name = given.front();
  given.erase(given.begin());
  if (name == "--version") return fmt::print("{}", version_text()), kGood;
  if (name == "--help" || name == "-h" || (name == "help" && given.empty()))
    return fmt::print("{}", program_help()), kGood;
  if (name == "help") return fmt::print("{}", command_help(find_command(given.front()))), kGood;
  const Command& command = find_command(name);
  const auto asks_help = [](const std::string& a) { return a == "--help" || a == "-h"; };
  if (std::any_of(given.begin(), std::find(given.begin(), given.end(), "--"), asks_help))
    return fmt::print("{}", command_help(command)), kGood;
  std::vector<std::string> typed{"windtunnel", name};
  typed.insert(typed.end(), given.begin(), given.end());
  Arguments arguments = parse(command, std::move(given));
  arguments.command_line = std::move(typed);
  return command.execute(arguments);
}

/// Says why standard output could not be written, if it could not.
int tell_failure(const char* otherwise) {
  if (std::ferror(stdout) != 0)
    fmt::print(stderr, "windtunnel: standard output cannot be written: {}\n", std::strerror(errno));
  else
    fmt::print(stderr, "windtunnel: {}\n", visible(otherwise));
  return kInternal;
}

/// What was printed has to arrive: a full disk may show only now.
int flushed(int status) {
  return std::fflush(stdout) == 0 && std::ferror(stdout) == 0 ? status : tell_failure("");
}

}  // namespace

std::optional<std::string> Arguments::text(const std::string& option) const {
  const auto found = options.find(option);
  return found == options.end() ? std::nullopt : std::optional(found->second.back());
}

std::optional<i64> Arguments::whole(const std::string& option, i64 low, i64 high) const {
  const std::optional<std::string> given = text(option);
  if (!given) return std::nullopt;
  std::string digits = *given;
  std::erase(digits, '_');
  char* end = nullptr;
  const double value = std::strtod(digits.c_str(), &end);
  const bool is_whole = end != digits.c_str() && *end == '\0' &&
                        value == static_cast<double>(static_cast<i64>(std::clamp(value, -9.0e18, 9.0e18)));
  if (!is_whole || value < static_cast<double>(low) || value > static_cast<double>(high))
    throw UsageError(
        fmt::format("--{}: '{}' is not a whole number from {} to {}", option, *given, low, high));
  return static_cast<i64>(value);
}

std::string program_help() {
  std::string text = "windtunnel: rehearse an experiment before it touches a user\n\n";
  for (const Command& command : commands())
    text += fmt::format("  {:<12} {}\n", command.name, command.summary);
  return text + "\n`windtunnel COMMAND --help` tells more.\n";
}

std::string command_help(const Command& command) {
  std::string text =
      fmt::format("windtunnel {} {}\n\n{}\n", command.name, command.arguments, command.summary);
  if (!command.options.empty()) text += "\n";
  for (const Option& option : command.options) {
    const std::string letter = option.letter[0] != '\0' ? fmt::format("-{}, ", option.letter) : "    ";
    const std::string choices = option.choices[0] != '\0' ? fmt::format(" ({})", option.choices) : "";
    text += fmt::format("  {}{:<32} {}{}\n", letter, fmt::format("--{} {}", option.name, option.argument),
                        option.summary, choices);
  }
  return text + fmt::format("\nExample: {}\n", command.example);
}

int run_program(std::vector<std::string> arguments) {
  try {
    return flushed(dispatch(std::move(arguments)));
  } catch (const UsageError& error) {
    fmt::print(stderr, "windtunnel: {}\n", visible(error.what()));
    return kUsage;
  } catch (const RefusedInput& error) {
    fmt::print(stderr, "{}", error.what());
    return kUsage;
  } catch (const InputError& error) {
    fmt::print(stderr, "{}", error.report("windtunnel"));
    return kUsage;
  } catch (const std::exception& error) {
    return tell_failure(error.what());
  }
}

}  // namespace windtunnel

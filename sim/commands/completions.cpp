#include <fmt/format.h>

#include "command.hpp"
#include "examples.hpp"
#include "windtunnel/report/reference.hpp"

namespace windtunnel {

namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// Words the positional arguments of a command complete to; empty for files.
std::string positional_words(const Command& command) {
  const std::string what = command.completes;
  if (what == "families") return joined(family_names()) + " keys";
  if (what == "names") return joined(member_names(registry()));
  if (what == "shells") return "bash zsh";
  std::vector<std::string> names;
  if (what == "examples")
    for (const Example& example : examples()) names.emplace_back(example.name);
  return joined(names);
}

std::string option_words(const Command& command) {
  std::vector<std::string> words;
  for (const Option& option : command.options) words.push_back(fmt::format("--{}", option.name));
  words.emplace_back("--help");
  return joined(words);
}

std::string command_words() {
  std::vector<std::string> names;
  for (const Command& command : commands()) names.emplace_back(command.name);
  return joined(names);
}

bool takes_file(const Option& option) {
  return std::string(option.argument) == "PATH";
}

std::string bash_case(const Command& command) {
  std::string text = fmt::format("    {})\n      case $previous in\n", command.name);
  for (const Option& option : command.options) {
    if (option.argument[0] == '\0') continue;
    const std::string letter = option.letter[0] == '\0' ? "" : fmt::format("|-{}", option.letter);
    const std::string reply = option.choices[0] != '\0'
                                  ? fmt::format("COMPREPLY=($(compgen -W '{}' -- \"$word\"))", option.choices)
                              : takes_file(option) ? "_windtunnel_files \"$word\""
                                                   : ":";
    text += fmt::format("        --{}{}) {}; return ;;\n", option.name, letter, reply);
  }
  text += "      esac\n";
  text += fmt::format("      options='{}'\n      words='{}' ;;\n", option_words(command),
                      positional_words(command));
  return text;
}

std::string bash_completions() {
  std::string text =
      "# One name a line: names may hold spaces, which the shell then escapes.\n"
      "_windtunnel_files() {\n"
      "  local IFS=$'\\n'\n"
      "  compopt -o filenames 2>/dev/null\n"
      "  COMPREPLY=($(compgen -f -- \"$1\"))\n"
      "}\n"
      "_windtunnel() {\n"
      "  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} options='' words=''\n"
      "  COMPREPLY=()\n"
      "  if [ \"$word\" = = ]; then\n"
      "    word=''\n"
      "  elif [ \"$previous\" = = ]; then\n"
      "    previous=${COMP_WORDS[COMP_CWORD-2]}\n"
      "  fi\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n";
  text += fmt::format("    COMPREPLY=($(compgen -W '{} --help --version' -- \"$word\")); return\n  fi\n",
                      command_words());
  text += "  case ${COMP_WORDS[1]} in\n";
  for (const Command& command : commands()) text += bash_case(command);
  return text +
         "  esac\n"
         "  case $word in\n"
         "    -*) COMPREPLY=($(compgen -W \"$options\" -- \"$word\")) ;;\n"
         "    *) if [ -n \"$words\" ]; then COMPREPLY=($(compgen -W \"$words\" -- \"$word\"));"
         " else _windtunnel_files \"$word\"; fi ;;\n"
         "  esac\n"
         "}\n"
         "complete -F _windtunnel windtunnel ./windtunnel\n";
}

/// A text inside single quotes and brackets of zsh's _arguments.
std::string zsh_text(const std::string& text) {
  std::string escaped;
  for (char c : text) {
    if (c == '\'') escaped += "'\\'";
    if (c == '[' || c == ']' || c == ':') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string zsh_case(const Command& command) {
  std::string text = fmt::format("    {}) _arguments", command.name);
  for (const Option& option : command.options) {
    const std::string summary = zsh_text(option.summary);
    const std::string values = option.choices[0] != '\0' ? fmt::format("({})", option.choices)
                               : takes_file(option)      ? "_files"
                                                         : " ";
    const std::string argument =
        option.argument[0] == '\0' ? "" : fmt::format(":{}:{}", zsh_text(option.argument), values);
    text += fmt::format(" \\\n        '--{}[{}]{}'", option.name, summary, argument);
    if (option.letter[0] != '\0')
      text += fmt::format(" \\\n        '-{}[{}]{}'", option.letter, summary, argument);
  }
  const std::string words = positional_words(command);
  return text + fmt::format(" \\\n        '*:{}:{}' ;;\n", zsh_text(command.arguments),
                            words.empty() ? "_files" : "(" + words + ")");
}

std::string zsh_completions() {
  std::string text = "#compdef windtunnel\n_windtunnel() {\n  local -a names\n  names=(\n";
  for (const Command& command : commands())
    text += fmt::format("    '{}:{}'\n", command.name, zsh_text(command.summary));
  text +=
      "  )\n"
      "  if (( CURRENT == 2 )); then _describe command names; return; fi\n"
      "  shift words; (( CURRENT-- ))\n"
      "  case $words[1] in\n";
  for (const Command& command : commands()) text += zsh_case(command);
  // In a folder of $fpath this file is the function's body; sourced, it has to register itself.
  return text +
         "  esac\n}\n"
         "if [ \"$funcstack[1]\" = _windtunnel ]; then _windtunnel \"$@\"; else compdef _windtunnel "
         "windtunnel; fi\n";
}

}  // namespace

int execute_completions(const Arguments& arguments) {
  if (arguments.positional == std::vector<std::string>{"bash"})
    return fmt::print("{}", bash_completions()), kGood;
  if (arguments.positional == std::vector<std::string>{"zsh"})
    return fmt::print("{}", zsh_completions()), kGood;
  throw UsageError("completions for which shell? (bash or zsh)");
}

}  // namespace windtunnel

#include <fmt/format.h>

#include "command.hpp"
#include "examples.hpp"
#include "explain_scenario.hpp"
#include "windtunnel/core/error.hpp"
#include "windtunnel/report/reference.hpp"

namespace windtunnel {

namespace {

std::string hinted(const std::string& message, const std::string& given,
                   const std::vector<std::string>& known) {
  const std::string hint = did_you_mean(given, known);
  return message + (hint.empty() ? "" : "; did you mean '" + hint + "'?");
}

/// The one name a command takes; empty when none was given.
std::string only_name(const Arguments& arguments) {
  if (arguments.positional.size() > 1)
    throw UsageError(fmt::format("one name at most, got {}", arguments.positional.size()));
  return arguments.positional.empty() ? "" : arguments.positional.front();
}

}  // namespace

int execute_list(const Arguments& arguments) {
  const std::string family = only_name(arguments);
  if (family == "keys") return fmt::print("{}", key_reference(registry())), kGood;
  const std::string text = list_members(registry(), family);
  if (text.empty()) throw UsageError(hinted("no family '" + family + "'", family, family_names()));
  fmt::print("{}", text);
  return kGood;
}

int execute_explain(const Arguments& arguments) {
  const std::string name = only_name(arguments);
  if (name.empty()) throw UsageError("explain what? `windtunnel list` shows all names");
  if (name.ends_with(".json")) return fmt::print("{}", explain_scenario(load_scenario(arguments))), kGood;
  const std::string text = explain_member(registry(), name);
  if (text.empty())
    throw UsageError(hinted("nothing is called '" + name + "'", name, member_names(registry())));
  fmt::print("{}", text);
  return kGood;
}

int execute_schema(const Arguments& arguments) {
  if (!arguments.positional.empty()) throw UsageError("schema takes no arguments");
  fmt::print("{}\n", scenario_schema(registry()).dump(2));
  return kGood;
}

int execute_example(const Arguments& arguments) {
  const std::string name = only_name(arguments).empty() ? "daily-peeking" : only_name(arguments);
  std::vector<std::string> names;
  for (const Example& example : examples()) {
    if (name == example.name) return fmt::print("{}", example.text), kGood;
    names.emplace_back(example.name);
  }
  std::string listed;
  for (const std::string& known : names) listed += (listed.empty() ? "" : ", ") + known;
  throw UsageError(hinted("no example '" + name + "' (there are " + listed + ")", name, names));
}

}  // namespace windtunnel

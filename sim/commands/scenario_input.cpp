#include "scenario_input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "examples.hpp"
#include "windtunnel/core/error.hpp"

namespace windtunnel {

namespace {

constexpr i64 kLargestSeed = (i64{1} << 53) - 1;

/// Why a file cannot be read, with the way out where it is known.
std::string unreadable(const std::string& file) {
  if (std::filesystem::is_directory(file)) return "is a folder (needs a file)";
  if (std::filesystem::exists(file)) return "cannot be read";
  const std::string stem = std::filesystem::path(file).stem().string();
  for (const Example& example : examples())
    if (stem == example.name)
      return fmt::format("no such file; `windtunnel example {} > {}.json` writes one", stem, stem);
  return "no such file";
}

std::string text_of(const std::string& file) {
  if (file == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream stream(file, std::ios::binary);
  if (!stream || std::filesystem::is_directory(file)) throw InputError("", unreadable(file));
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

/// Files named by a scenario lie where it lies; those of standard input in the current folder.
FileSource files_beside(const std::string& file) {
  const std::filesystem::path folder = file == "-" ? "" : std::filesystem::path(file).parent_path();
  return [folder](const std::string& name) {
    const std::filesystem::path path = folder / name;
    std::ifstream stream(path, std::ios::binary);
    if (!stream || std::filesystem::is_directory(path))
      throw InputError("", fmt::format("'{}' cannot be read{}", name,
                                       std::filesystem::exists(path) ? "" : ": no such file"));
    return std::string(std::istreambuf_iterator<char>(stream), {});
  };
}

/// Reads a scenario; problems with a value that an option gave are told of the option as well.
Scenario read(const std::string& text, const std::string& stem, const Overrides& overrides,
              FileSource files) {
  try {
    return read_scenario(text, stem, registry(), overrides, std::move(files));
  } catch (const InputError& error) {
    std::vector<Problem> problems = error.problems();
    for (Problem& problem : problems)
      if (const std::string option = option_of(overrides, problem.where); !option.empty())
        problem.where = option + ": " + problem.where;
    throw InputError(std::move(problems));
  }
}

LoadedScenario load(const std::string& file, const Overrides& overrides) {
  LoadedScenario loaded;
  loaded.file = file == "-" ? "stdin" : file;
  const std::string stem = std::filesystem::path(loaded.file).stem().string();
  loaded.scenario = read(text_of(file), stem, overrides, files_beside(file));
  const auto start = std::chrono::steady_clock::now();
  loaded.study = compile(loaded.scenario, registry());
  loaded.planning_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return loaded;
}

/// Both sides of the first '=' of an option's value.
std::pair<std::string, std::string> split(const char* option, const std::string& given, const char* needs) {
  const std::size_t at = given.find('=');
  if (at == std::string::npos || at == 0)
    throw UsageError(fmt::format("--{}: '{}' (needs {})", option, given, needs));
  return {given.substr(0, at), given.substr(at + 1)};
}

Precision precision_of(const std::string& given) {
  constexpr const char* kNeeds = "MEASURE=HALF_WIDTH, such as rejection_rate=0.001";
  const auto [measure, number] = split("precision", given, kNeeds);
  char* end = nullptr;
  Precision precision;
  precision.measure = measure;
  precision.half_width = std::strtod(number.c_str(), &end);
  if (number.empty() || *end != '\0' || !(precision.half_width > 0))
    throw UsageError(fmt::format("--precision: '{}' is not a positive number (needs {})", number, kNeeds));
  return precision;
}

}  // namespace

Overrides overrides_of(const Arguments& arguments) {
  Overrides overrides;
  overrides.replications = arguments.whole("replications", 1, kMostReplications);
  if (const auto seed = arguments.whole("seed", 0, kLargestSeed)) overrides.seed = static_cast<u64>(*seed);
  if (const auto precision = arguments.text("precision")) overrides.precision = precision_of(*precision);
  if (overrides.precision && overrides.replications)
    throw UsageError("--precision decides how many replications there are: leave out --replications");
  const auto set = arguments.options.find("set");
  if (set != arguments.options.end())
    for (const std::string& given : set->second)
      overrides.set.push_back(split("set", given, "PATH=VALUE, such as world.traffic.days=28"));
  return overrides;
}

std::vector<LoadedScenario> load_scenarios(const std::vector<std::string>& files,
                                           const Overrides& overrides) {
  if (files.empty())
    throw UsageError("which scenario? (`windtunnel example > mine.json` writes one to start from)");
  if (std::count(files.begin(), files.end(), "") > 0)
    throw UsageError("an empty name is no file (needs a scenario's file, or - for standard input)");
  if (std::count(files.begin(), files.end(), "-") > 1) throw UsageError("'-' can be read only once");
  std::vector<LoadedScenario> scenarios;
  std::string problems;
  for (const std::string& file : files) {
    try {
      scenarios.push_back(load(file, overrides));
    } catch (const InputError& error) {
      problems += error.report(file == "-" ? "stdin" : file);
    }
  }
  if (!problems.empty()) throw RefusedInput(problems);
  return scenarios;
}

LoadedScenario load_scenario(const Arguments& arguments) {
  if (arguments.positional.size() > 1)
    throw UsageError(fmt::format("one scenario at a time, got {}", arguments.positional.size()));
  return std::move(load_scenarios(arguments.positional, overrides_of(arguments)).front());
}

}  // namespace windtunnel

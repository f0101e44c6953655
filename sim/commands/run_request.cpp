#include "run_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>

#include "terminal.hpp"
#include "windtunnel/core/error.hpp"

namespace windtunnel {

namespace {

constexpr i64 kMostThreads = 1024;

/// A positive whole number that is all of `text`; 0 otherwise.
int positive(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value > 0 ? value : 0;
}

RunRequest::Shard shard_of(const std::string& given) {
  const std::size_t slash = std::min(given.find('/'), given.size());
  const std::string_view text = given;
  const RunRequest::Shard shard{positive(text.substr(0, slash)),
                                slash < given.size() ? positive(text.substr(slash + 1)) : 0};
  if (shard.index == 0 || shard.index > shard.shards)
    throw UsageError(fmt::format("--shard: '{}' (needs I/N with 1 <= I <= N, such as 1/7)", given));
  return shard;
}

/// What a shard's files in a folder are called beyond the scenario's name: shards share folders.
std::string part_name(const RunRequest::Shard& shard) {
  return fmt::format(".{}-of-{}", shard.index, shard.shards);
}

/// A folder that exists need not be marked by a '/'.
std::string output_path(const std::string& given) {
  const std::filesystem::path path(given);
  return path.extension().empty() && std::filesystem::is_directory(path) && !given.ends_with('/')
             ? given + "/"
             : given;
}

Format format_of(const std::string& given) {
  const std::vector<std::string>& names = format_names();
  return static_cast<Format>(std::find(names.begin(), names.end(), given) - names.begin());
}

void check_names(const std::vector<LoadedScenario>& scenarios) {
  std::map<std::string, std::string> files;
  for (const LoadedScenario& loaded : scenarios) {
    const auto [first, is_new] = files.try_emplace(loaded.scenario.name, loaded.file);
    if (!is_new)
      throw UsageError(
          fmt::format("{} and {} are both named '{}': their results would have the same file names",
                      first->second, loaded.file, loaded.scenario.name));
  }
}

void check_shard(const RunRequest::Shard& shard, const std::vector<LoadedScenario>& scenarios) {
  for (const LoadedScenario& loaded : scenarios) {
    if (loaded.scenario.precision)
      throw UsageError(fmt::format(
          "--shard does not go with a precision ({}): no part knows when all are done", loaded.file));
    if (loaded.scenario.replications < shard.shards)
      throw UsageError(fmt::format("--shard: {} has {} replications, which cannot be cut into {} parts",
                                   loaded.file, loaded.scenario.replications, shard.shards));
  }
}

/// One CSV has one header: the axes of a sweep are columns.
void check_axes(const std::vector<LoadedScenario>& scenarios) {
  for (const LoadedScenario& loaded : scenarios)
    if (loaded.scenario.axes != scenarios.front().scenario.axes)
      throw UsageError(
          fmt::format("{} and {} have different sweeps, so their CSV has different columns; -o FOLDER/ "
                      "writes a file for each",
                      scenarios.front().file, loaded.file));
}

}  // namespace

RunRequest run_request(const Arguments& arguments) {
  RunRequest request;
  request.command_line = arguments.command_line;
  if (const auto shard = arguments.text("shard")) request.shard = shard_of(*shard);
  if (const auto path = arguments.text("output"))
    request.output.emplace(output_path(*path), request.shard ? part_name(*request.shard) : "");
  request.threads = static_cast<int>(arguments.whole("threads", 1, kMostThreads).value_or(0));
  if (const auto format = arguments.text("format")) request.format = format_of(*format);
  request.table = table_options(arguments);
  request.quiet = arguments.has("quiet");
  return request;
}

void check_spares(const std::vector<std::string>& inputs, const Output& output, const std::string& name) {
  for (const std::string& written : output.paths(name))
    for (const std::string& read : inputs)
      if (same_file(written, read))
        throw UsageError(fmt::format("-o {} would overwrite {}, which is read", output.path(), read));
}

void check_request(const RunRequest& request, const std::vector<LoadedScenario>& scenarios) {
  if (request.shard) check_shard(*request.shard, scenarios);
  if (request.prints() && request.printed_format() == Format::csv) check_axes(scenarios);
  if (!request.output) return;
  if (scenarios.size() > 1 && !request.output->is_folder())
    throw UsageError(
        fmt::format("{} scenarios need a folder: -o {}/", scenarios.size(), request.output->path()));
  check_names(scenarios);
  std::vector<std::string> inputs;
  for (const LoadedScenario& loaded : scenarios) inputs.push_back(loaded.file);
  for (const LoadedScenario& loaded : scenarios) check_spares(inputs, *request.output, loaded.scenario.name);
  for (const LoadedScenario& loaded : scenarios) request.output->check_writable(loaded.scenario.name);
}

}  // namespace windtunnel

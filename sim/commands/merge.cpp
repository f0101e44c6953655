#include <fmt/format.h>

#include <optional>

#include "command.hpp"
#include "expectation_status.hpp"
#include "run_request.hpp"
#include "windtunnel/core/error.hpp"
#include "windtunnel/report/number_format.hpp"
#include "windtunnel/report/output.hpp"
#include "windtunnel/report/result_json.hpp"

namespace windtunnel {

namespace {

/// The results among the files: `folder/*.json` names manifests as well.
std::vector<std::string> without_manifests(std::vector<std::string> files) {
  std::erase_if(files, [](const std::string& file) { return file.ends_with(".manifest.json"); });
  return files;
}

/// A scenario made ready for the results that are of it.
struct Prepared {
  std::string text;
  Scenario scenario;
  Study study;

  explicit Prepared(const StoredResult& result)
      : text(result.scenario),
        scenario(read_scenario(text, result.name, registry(), {}, files_of(result))),
        study(compile(scenario, registry())) {}
};

/// Reads all results and holds each against the scenario in it, telling the problems of all of them together.
std::vector<StoredResult> read_results(const std::vector<std::string>& files) {
  std::vector<StoredResult> results;
  std::optional<Prepared> prepared;
  std::string problems;
  for (const std::string& file : files) {
    try {
      StoredResult result = read_result(read_file(file), file);
      if (!prepared || prepared->text != result.scenario) prepared.emplace(result);
      progress_of(result, prepared->scenario, prepared->study);
      results.push_back(std::move(result));
    } catch (const InputError& error) {
      problems += error.report(file);
    } catch (const OutputError& error) {
      problems += fmt::format("{}\n", error.what());
    }
  }
  if (!problems.empty()) throw RefusedInput(problems);
  return results;
}

/// Says what is there, and what of it is still missing.
void tell(const Progress& progress, i64 asked, const std::vector<std::string>& files) {
  const i64 done = progress.done.count();
  for (const std::string& file : files) fmt::print(stderr, "wrote {}\n", file);
  if (done < asked)
    fmt::print(stderr, "windtunnel: {} of {} replications are still missing\n", grouped(asked - done),
               grouped(asked));
}

}  // namespace

int execute_merge(const Arguments& arguments) {
  const auto path = arguments.text("output");
  const std::vector<std::string> files = without_manifests(arguments.positional);
  if (files.empty()) throw UsageError("merge which results?");
  if (!path) throw UsageError("merge into which file? (needs -o PATH)");
  const Output output(*path);
  const StoredResult merged = merge_results(read_results(files));
  const auto& [text, scenario, study] = Prepared(merged);
  check_spares(files, output, scenario.name);
  output.check_writable(scenario.name);
  const Progress progress = progress_of(merged, scenario, study);
  const Result result = measure(scenario, study, progress);
  const i64 asked = scenario.precision ? progress.done.count() : scenario.replications;
  const Report report = make_report(scenario, study, result, asked);
  tell(progress, asked, output.write(report, progress, {arguments.command_line, utc_date(), 0, 0}));
  if (progress.done.count() < asked) return kGood;  // judged once it is whole
  return expectation_status(scenario.name, result, Tell::failures);
}

}  // namespace windtunnel

#include <fmt/format.h>

#include "command.hpp"
#include "expectation_status.hpp"
#include "windtunnel/core/error.hpp"
#include "windtunnel/report/number_format.hpp"
#include "windtunnel/report/output.hpp"
#include "windtunnel/report/result_json.hpp"

namespace windtunnel {

namespace {

/// Reads all results, telling the problems of all of them together.
std::vector<StoredResult> read_results(const std::vector<std::string>& files) {
  std::vector<StoredResult> results;
  std::string problems;
  for (const std::string& file : files) {
    try {
      results.push_back(read_result(read_file(file), file));
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
  if (arguments.positional.empty()) throw UsageError("merge which results?");
  if (!path) throw UsageError("merge into which file? (needs -o PATH)");
  const Output output(*path);
  const StoredResult merged = merge_results(read_results(arguments.positional));
  const Scenario scenario = read_scenario(merged.scenario, merged.name, registry());
  output.check_writable(scenario.name);
  const Study study = compile(scenario, registry());
  const Progress progress = progress_of(merged, scenario, study);
  const Result result = measure(scenario, study, progress);
  const i64 asked = scenario.precision ? progress.done.count() : scenario.replications;
  const Report report = make_report(scenario, study, result, asked);
  tell(progress, asked, output.write(report, progress, {arguments.command_line, utc_date(), 0, 0}));
  return expectation_status(scenario.name, result, Tell::failures);
}

}  // namespace windtunnel

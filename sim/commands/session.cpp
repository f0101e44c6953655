#include "session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "expectation_status.hpp"
#include "progress_line.hpp"
#include "windtunnel/core/error.hpp"
#include "windtunnel/report/number_format.hpp"
#include "windtunnel/report/result_json.hpp"
#include "windtunnel/report/text_layout.hpp"

namespace windtunnel {

namespace {

int thread_count(const RunRequest& request) {
  return request.threads > 0 ? request.threads
                             : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

/// Refuses replications that the command does not ask for.
void check_within(const RangeSet& done, ReplicationRange asked) {
  for (const ReplicationRange& range : done.ranges())
    if (range.first < asked.first || range.end() > asked.end())
      throw InputError(
          "", fmt::format("holds replications {} to {}, this command asks for {} to {}; give the command "
                          "that was interrupted, or remove the file to begin anew",
                          range.first, range.end() - 1, asked.first, asked.end() - 1));
}

std::string rendered(const Report& report, const Progress& progress, const RunRequest& request,
                     const std::vector<std::string>& files) {
  switch (request.printed_format()) {
    case Format::table:
      return table_text(report, request.table, files);
    case Format::markdown:
      return markdown_text(report, request.table.layout);
    case Format::csv:
    case Format::json:
      break;
  }
  return formatted(report, progress, request.printed_format());
}

}  // namespace

Session::Session(const LoadedScenario& loaded, const RunRequest& request, const Interrupt& interrupt,
                 DataStream& stream)
    : scenario_(loaded.scenario),
      study_(loaded.study),
      request_(request),
      interrupt_(interrupt),
      stream_(stream),
      range_{0, loaded.scenario.replications} {
  if (request.shard) range_ = shard_range(range_.count, request.shard->index, request.shard->shards);
}

int Session::run() {
  progress_ = resumed();
  replay_all();
  Result result = measure(scenario_, study_, progress_);
  if (is_complete() && precision_) report_at_level(result, scenario_.precision->measure, precision_->level);
  Report report = make_report(scenario_, study_, result, is_complete() ? result.replications : range_.count);
  if (is_complete()) report.precision = precision_;
  publish(report);
  return is_complete() ? judge(result) : kInterrupted;
}

Progress Session::resumed() const {
  const std::string path = request_.output ? request_.output->partial_path(scenario_.name) : "";
  if (path.empty() || !file_exists(path)) return Progress::nothing(study_);
  try {
    Progress progress = progress_of(read_result(read_file(path), path), scenario_, study_);
    check_within(progress.done, range_);
    if (!request_.quiet)
      fmt::print(stderr, "windtunnel: going on with {}, which holds {} replications\n", path,
                 grouped(progress.done.count()));
    return progress;
  } catch (const InputError& error) {
    throw RefusedInput(error.report(path));
  }
}

void Session::replay_all() {
  const auto start = std::chrono::steady_clock::now();
  ProgressLine line(scenario_.name, progress_.done.count(), range_.count);
  RunnerOptions options;
  options.threads = request_.threads;
  options.stop = &interrupt_.flag();
  if (!request_.quiet) options.on_progress = [&line](i64 replications) { line.update(replications); };
  try {
    if (scenario_.precision)
      precision_ = replay_to_precision(scenario_, study_, progress_, options);
    else
      replay(study_, progress_.done.missing_from(range_), progress_, options);
  } catch (const InputError& error) {
    line.clear();
    throw RefusedInput(error.report(scenario_.name));
  }
  seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// A signal that came too late to leave anything undone has interrupted nothing.
bool Session::is_complete() const {
  return progress_.done.count() == range_.count || (precision_ && precision_->reached);
}

/// Prints even when nothing can be written: what was computed is not lost.
void Session::publish(const Report& report) {
  std::vector<std::string> files;
  try {
    if (request_.output) files = write(report);
  } catch (const OutputError&) {
    print(report, {});
    throw;
  }
  print(report, files);
  tell_lints(report.result);
  if (!is_complete()) tell_interrupted(files.empty() ? "" : files.front());
}

std::vector<std::string> Session::write(const Report& report) const {
  if (!is_complete()) {
    if (progress_.done.count() == 0) return {};
    return {request_.output->write_partial(report, progress_)};
  }
  return request_.output->write(report, progress_,
                                {request_.command_line, utc_date(), seconds_, thread_count(request_)});
}

void Session::print(const Report& report, const std::vector<std::string>& files) {
  if (!request_.prints() || report.result.replications == 0) return;
  stream_.print(rendered(report, progress_, request_, is_complete() ? files : std::vector<std::string>{}));
}

bool Session::prints_page() const {
  const Format format = request_.printed_format();
  return request_.prints() && (format == Format::table || format == Format::markdown);
}

void Session::tell_lints(const Result& result) const {
  if (request_.quiet || prints_page()) return;
  for (const std::string& finding : result.lints)
    fmt::print(stderr, "{}: lint: {}\n", scenario_.name, printable(finding));
}

void Session::tell_interrupted(const std::string& kept) const {
  const std::string done =
      fmt::format("windtunnel: interrupted after {} of {} replications of {}",
                  grouped(progress_.done.count()), grouped(range_.count), scenario_.name);
  if (!kept.empty())
    fmt::print(stderr, "{}, kept in {}; the same command goes on from there\n", done, kept);
  else
    fmt::print(stderr, "{}{}\n", done, request_.output ? "" : "; nothing is kept without -o");
}

/// A shard is no judge: its expectations are judged once it is merged. Where no page says what failed,
/// standard error does.
int Session::judge(const Result& result) const {
  if (request_.shard) return kGood;
  const int status =
      expectation_status(scenario_.name, result, prints_page() ? Tell::nothing : Tell::failures);
  if (!precision_ || precision_->reached) return status;
  if (!prints_page())
    fmt::print(stderr, "windtunnel: {}: {} is known only within ± {:.2g} after {} replications\n",
               scenario_.name, scenario_.precision->measure, precision_->half_width,
               grouped(result.replications));
  return kExpectationFailed;
}

}  // namespace windtunnel

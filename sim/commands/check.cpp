#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "plan_text.hpp"
#include "progress_line.hpp"
#include "windtunnel/engine/lint.hpp"
#include "windtunnel/report/number_format.hpp"
#include "windtunnel/report/text_layout.hpp"

namespace windtunnel {

namespace {

/// Seconds one replication of every experiment takes on one thread, from replaying some. Drawing by vectors
/// needs whole blocks to be fast, so blocks are what is timed.
double seconds_per_replication(const Study& study) {
  using Clock = std::chrono::steady_clock;
  constexpr double kEnough = 0.03;  // seconds per experiment
  constexpr i64 kMost = i64{1} << 20;
  double total = 0;
  for (const auto& experiment : study.experiments) {
    const i64 block = experiment->block_size();
    Tally tally = experiment->empty_tally();
    experiment->run({0, std::min<i64>(block, 64)}, tally);  // first touches of memory
    i64 done = 0;
    double seconds = 0;
    for (i64 count = std::min<i64>(block, 64); seconds < kEnough && done < kMost; count *= 2) {
      const auto start = Clock::now();
      experiment->run({done, count}, tally);
      seconds += std::chrono::duration<double>(Clock::now() - start).count();
      done += count;
    }
    total += seconds / static_cast<double>(done);
  }
  return total;
}

/// Bytes of tallies that every thread keeps for itself.
double tally_bytes(const Study& study) {
  double bytes = 0;
  for (const auto& experiment : study.experiments)
    bytes += static_cast<double>(experiment->layout().slots()) * sizeof(i128);
  return bytes;
}

/// Most memory the process has needed until now, in bytes.
double peak_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024;
}

std::string cost_text(const LoadedScenario& loaded) {
  const Scenario& scenario = loaded.scenario;
  const int threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  const double one = seconds_per_replication(loaded.study);
  const double seconds = one * static_cast<double>(scenario.replications) / threads;
  const double bytes = peak_memory() + (threads - 1) * tally_bytes(loaded.study);
  const std::string time = fmt::format("{}{} on {} thread{} ({} replications, {:.3g} µs each on one thread)",
                                       scenario.precision ? "at most " : "", duration_text(seconds), threads,
                                       threads == 1 ? "" : "s", grouped(scenario.replications), one * 1e6);
  return plan_line("time", time) +
         plan_line("memory",
                   fmt::format("about {:.0f} MB, however many replications", std::max(1.0, bytes / 1e6)));
}

std::string lint_text(const LoadedScenario& loaded) {
  std::string text;
  for (const std::string& finding : lint(loaded.scenario, loaded.study))
    text += plan_line("lint", printable(finding));
  return text;
}

}  // namespace

int execute_check(const Arguments& arguments) {
  const std::vector<LoadedScenario> scenarios = load_scenarios(arguments.positional, overrides_of(arguments));
  for (const LoadedScenario& loaded : scenarios) {
    if (&loaded != &scenarios.front()) fmt::print("\n");
    fmt::print("{} is a good scenario: {}, seed {}, hash {}\n", loaded.file, loaded.scenario.name,
               loaded.scenario.seed, loaded.scenario.hash);
    fmt::print("{}{}{}", plan_text(loaded), cost_text(loaded), lint_text(loaded));
  }
  return kGood;
}

}  // namespace windtunnel

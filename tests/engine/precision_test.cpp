#include "windtunnel/engine/precision.hpp"

#include <fmt/format.h>

#include "support/catch.hpp"
#include "support/rehearsal.hpp"
#include "windtunnel/core/error.hpp"
#include "windtunnel/core/intervals.hpp"

namespace windtunnel {
namespace {

/// A fixed-horizon test of 200 users whose size is near 5 %.
Scenario precise(double half_width, i64 most, const char* measure = "rejection_rate", double effect = 0.1) {
  return read_scenario(
      fmt::format(
          R"({{"windtunnel": 1, "precision": {{"measure": "{}", "half_width": {}, "max_replications": {}}},
        "world": {{"traffic": {{"users_per_day": 200, "days": 1}}, "outcome": {{"type": "bernoulli", "rate": 0.4}},
                   "effect": {{"absolute": {}}}}},
        "strategies": {{"fixed": {{"rule": "fixed_horizon"}}}}}})",
          measure, half_width, most, effect),
      "test", registry());
}

struct Run {
  Study study;
  Progress progress;
  PrecisionResult result;
};

Run run(const Scenario& scenario, i64 done_before = 0, const std::atomic<int>* stop = nullptr) {
  Run run;
  run.study = compile(scenario, registry());
  run.progress = Progress::nothing(run.study);
  const RunnerOptions options{.threads = 1, .kind = Threads::standard, .stop = stop};
  replay(run.study, RangeSet({0, done_before}), run.progress, {.threads = 1, .kind = Threads::standard});
  run.result = replay_to_precision(scenario, run.study, run.progress, options);
  return run;
}

/// 1 - .05 * 6 / (pi^2 j^2): the chances to miss at some checkpoint add up to .05.
constexpr double kLevels[] = {0.96960365, 0.99240091, 0.99662263, 0.99810023};

TEST_CASE("precision: checkpoints double until every interval is narrow", "[engine]") {
  // Power near 30 % has the widest interval: at R = 10,000 2^(j - 1), z sqrt(.21 / R) is .0099, .0087, .0067,
  // .0050 for the levels of j = 1, 2, 3, 4.
  const Scenario scenario = precise(0.006, 10'000'000);
  const Run precise_run = run(scenario);
  CHECK(precise_run.result.reached);
  CHECK(precise_run.result.checkpoint == 4);
  CHECK(precise_run.result.level == Approx(kLevels[3]).epsilon(1e-8));
  CHECK(precise_run.result.half_width <= 0.006);
  CHECK(precise_run.progress.done == RangeSet({0, 80'000}));
  double widest = 0;
  for (const MeasuredCell& cell : measure(scenario, precise_run.study, precise_run.progress).cells) {
    const Value& value = *find_value(cell, 0, "rejection_rate");
    CHECK(value.replications == 80'000);  // all cells run equally long
    const auto hits = static_cast<i64>(value.value * 80'000 + 0.5);
    const Interval interval = wilson_interval(hits, 80'000, kLevels[3]);
    widest = std::max(widest, (interval.high - interval.low) / 2);
  }
  CHECK(precise_run.result.half_width == Approx(widest).epsilon(1e-6));
}

TEST_CASE("precision: the largest number of replications ends it", "[engine]") {
  const Run short_run = run(precise(0.0001, 15'000));
  CHECK_FALSE(short_run.result.reached);
  CHECK(short_run.result.checkpoint == 2);
  CHECK(short_run.result.level == Approx(kLevels[1]).epsilon(1e-8));
  CHECK(short_run.result.half_width > 0.0001);
  CHECK(short_run.progress.done == RangeSet({0, 15'000}));
}

TEST_CASE("precision: a run that goes on ends where the whole one does", "[engine]") {
  const Scenario scenario = precise(0.008, 1'000'000);
  const Run whole = run(scenario);
  CHECK(whole.result.reached);
  CHECK(whole.result.checkpoint == 3);
  for (i64 before : {3000, 10'000, 25'000}) {
    const Run resumed = run(scenario, before);
    CHECK(resumed.progress.tallies == whole.progress.tallies);
    CHECK(resumed.result.half_width == whole.result.half_width);
    CHECK(resumed.result.checkpoint == whole.result.checkpoint);
  }
}

TEST_CASE("precision: a run that has gone beyond the largest number ends at once", "[engine]") {
  const Run beyond = run(precise(0.05, 15'000), 20'000);
  CHECK(beyond.progress.done.count() == 20'000);
  CHECK(beyond.result.reached);
}

TEST_CASE("precision: a stopped run has not reached it", "[engine]") {
  const std::atomic<int> stop{1};
  const Run stopped = run(precise(0.5, 1'000'000), 0, &stop);
  CHECK_FALSE(stopped.result.reached);
  CHECK(stopped.progress.done.count() == 0);
}

TEST_CASE("precision: nothing seen is not known precisely", "[engine]") {
  // 40 % against 90 % leaves no rejection with the wrong sign; Wilson's interval of 0 hits in 15,000 has half
  // a width of 2.4e-4 at the level of the second checkpoint.
  const Run rare = run(precise(0.0002, 15'000, "sign_error", 0.5));
  CHECK(rare.result.half_width > 0.0002);
  CHECK_FALSE(rare.result.reached);
}

TEST_CASE("precision: a measure without a value in any cell is refused at once", "[engine]") {
  try {
    run(precise(0.5, 1'000'000'000'000, "false_discovery_rate"));
    FAIL("no precision can be reached");
  } catch (const InputError& error) {
    CHECK(error.problems().front().where == "/precision/measure");
    CHECK(error.problems().front().message.starts_with(
        "false_discovery_rate has no value anywhere after 10000 replications: "));
  }
}

TEST_CASE("precision: its measure is reported with the interval that ended the run", "[engine]") {
  const Scenario scenario = precise(0.006, 10'000'000);
  const Run ended = run(scenario);
  const Result usual = measure(scenario, ended.study, ended.progress);
  Result result = usual;
  report_at_level(result, "rejection_rate", ended.result.level);
  double widest = 0;
  for (std::size_t c = 0; c < result.cells.size(); ++c) {
    const Value& value = *find_value(result.cells[c], 0, "rejection_rate");
    const auto hits = static_cast<i64>(value.value * static_cast<double>(value.replications) + 0.5);
    const Interval interval = wilson_interval(hits, value.replications, ended.result.level);
    CHECK(value.conf_low == interval.low);
    CHECK(value.conf_high == interval.high);
    widest = std::max(widest, (value.conf_high - value.conf_low) / 2);
    const Value &other = *find_value(result.cells[c], 0, "mean_users"),
                &usual_other = *find_value(usual.cells[c], 0, "mean_users");
    CHECK(other.conf_low == usual_other.conf_low);
  }
  CHECK(widest == ended.result.half_width);
}

}  // namespace
}  // namespace windtunnel

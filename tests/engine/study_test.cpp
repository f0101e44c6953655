#include "windtunnel/engine/study.hpp"

#include <fmt/format.h>

#include "support/catch.hpp"
#include "support/rehearsal.hpp"
#include "windtunnel/core/error.hpp"

namespace windtunnel {
namespace {

using Kind = MeasureSetting::Cell;

Study study_of(const std::string& effect, const std::string& more) {
  const std::string text = fmt::format(
      R"({{"windtunnel": 1, "replications": 2000, "world": {{"traffic": {{"users_per_day": 100, "days": 4}},
          "outcome": {{"type": "bernoulli", "rate": 0.2}}{}}},
          "strategies": {{"peeking": {{"rule": "naive_peeking", "looks": {{"every_days": 1}}}}}}{}}})",
      effect.empty() ? "" : ", \"effect\": " + effect, more.empty() ? "" : ", " + more);
  return compile(read_scenario(text, "test", registry()), registry());
}

std::vector<Kind> kinds(const Study& study) {
  std::vector<Kind> result;
  for (const Study::Cell& cell : study.cells) result.push_back(cell.kind);
  return result;
}

std::vector<int> experiments(const Study& study) {
  std::vector<int> result;
  for (const Study::Cell& cell : study.cells) result.push_back(cell.experiment);
  return result;
}

TEST_CASE("study: cells of a scenario without a sweep", "[engine]") {
  CHECK(kinds(study_of("", "")) == std::vector{Kind::null});
  CHECK(kinds(study_of(R"({"relative": 0})", "")) == std::vector{Kind::null});
  CHECK(kinds(study_of(R"({"relative": 0.1})", "")) == std::vector{Kind::null, Kind::effect});
  CHECK(kinds(study_of(R"({"relative": 0.1})", R"("null_twin": false)")) == std::vector{Kind::effect});
  const char* drawn = R"({"absolute": {"type": "normal", "mean": 0, "sd": 0.01, "min": -0.1, "max": 0.1}})";
  CHECK(kinds(study_of(drawn, "")) == std::vector{Kind::drawn});
}

TEST_CASE("study: one twin stands for every effect of a sweep", "[engine]") {
  const Study study =
      study_of(R"({"relative": 0.1})", R"("sweep": {"effect": {"/world/effect/relative": [0.1, 0, 0.3]}})");
  // An effect of 0 gives the twin alone.
  CHECK(kinds(study) == std::vector{Kind::null, Kind::effect, Kind::null, Kind::null, Kind::effect});
  CHECK(experiments(study) == std::vector{0, 1, 0, 0, 2});
  CHECK(study.experiments.size() == 3);
}

TEST_CASE("study: what does not fit is told of every strategy at every point of the grid", "[engine]") {
  const Scenario scenario = read_scenario(
      R"({"windtunnel": 1, "world": {"traffic": {"users_per_day": 100, "days": 2},
          "outcome": {"type": "normal", "mean": 0, "sd": 1}, "effect": {"absolute": 0.1}},
          "sweep": {"alpha": {"/strategies/resampled/alpha": [0.05, 0.01]}},
          "strategies": {
            "best": {"rule": "probability_best", "margin": {"absolute": 0.1}},
            "resampled": {"rule": "fixed_horizon", "test": {"type": "bootstrap", "resamples": 20}},
            "coin": {"rule": "sprt", "mde": {"absolute": 0.1}, "policy": {"type": "fixed_split", "shares": [1, 2]}}}})",
      "test", registry());
  try {
    compile(scenario, registry());
    FAIL("a study that does not fit together was compiled");
  } catch (const InputError& error) {
    std::vector<std::string> places;
    for (const Problem& problem : error.problems()) places.push_back(problem.where);
    // The resamples are too few for either level, which the message names.
    CHECK(places ==
          std::vector<std::string>{"/strategies/best/margin", "/strategies/resampled/test/resamples",
                                   "/strategies/coin/variance", "/strategies/resampled/test/resamples"});
  }
}

TEST_CASE("study: twins of different worlds or strategies are run each", "[engine]") {
  const Study days =
      study_of(R"({"relative": 0.1})", R"("sweep": {"days": {"/world/traffic/days": [2, 4]}})");
  CHECK(days.experiments.size() == 4);
  const Study alphas =
      study_of(R"({"relative": 0.1})", R"("sweep": {"alpha": {"/strategies/peeking/alpha": [0.01, 0.05]}})");
  CHECK(alphas.experiments.size() == 4);
  const Study both = study_of(R"({"relative": 0.1})",
                              R"("sweep": {"days": {"/world/traffic/days": [2, 4]},
                                           "effect": {"/world/effect/relative": [0.1, 0.2]}})");
  CHECK(experiments(both) == std::vector{0, 1, 0, 2, 3, 4, 3, 5});
  CHECK(both.cells[4].grid == 2);  // the last axis varies fastest
}

TEST_CASE("study: a twin is written at every point it stands for", "[engine]") {
  const Rehearsal run = rehearse(R"({"windtunnel": 1, "replications": 1000,
    "world": {"traffic": {"users_per_day": 100, "days": 2}, "outcome": {"type": "normal", "mean": 0, "sd": 1},
              "effect": {"absolute": 0.1}},
    "strategies": {"fixed": {"rule": "fixed_horizon"}},
    "sweep": {"effect": {"/world/effect/absolute": [0.1, 0.4]}}})");
  REQUIRE(run.result.cells.size() == 4);
  const auto of = [&](int grid, const char* cell) {
    return run.value(cell, "fixed", "rejection_rate", "", grid).value;
  };
  CHECK(of(0, "null") == of(1, "null"));
  CHECK(of(0, "effect") < of(1, "effect"));
}

TEST_CASE("study: results of different scenarios cannot be added", "[engine]") {
  const Study one = study_of("", ""), two = study_of(R"({"relative": 0.1})", "");
  Progress progress = Progress::nothing(one);
  CHECK_THROWS_AS(progress.add(Progress::nothing(two)), std::logic_error);
}

TEST_CASE("study: effects that cancel over segments or days are effects", "[engine]") {
  const auto cells = [](const std::string& features) {
    return compile(read_scenario(R"({"windtunnel": 1, "world": {"traffic": {"users_per_day": 100, "days": 7},
                       "outcome": {"type": "normal", "mean": 0, "sd": 1}, "effect": {"absolute": 0.2},
                       "features": {)" +
                                     features + R"(}}, "strategies": {"s": {"rule": "fixed_horizon"}}})",
                                 "test", registry()),
                   registry())
        .cells.size();
  };
  CHECK(cells(R"("segments": {"a": {"share": 0.5, "effect_multiplier": 2},
                              "b": {"share": 0.5, "effect_multiplier": -2}})") == 2);
  CHECK(cells(R"("weekday": {"effect": [1, 1, 1, 1, 1, -2.5, -2.5]})") == 2);
  CHECK(cells(R"("segments": {"a": {"share": 0.5, "effect_multiplier": 0},
                              "b": {"share": 0.5, "effect_multiplier": 0}})") == 1);
}

TEST_CASE("study: blocks that a recorder breaks off are measured nowhere", "[engine]") {
  struct Breaker final : Recorder {
    void looked(int, int, const Observed&, const Evidence&, const Calls&) override { ++looks; }
    void ended(i64, std::span<const Endings* const>, const Truth&) override { ++blocks; }
    bool goes_on(const Timeline&, const Step& step) override { return step.day < last_day; }
    int last_day = 0, looks = 0, blocks = 0;
  };
  const Study study = study_of("", "");
  const Experiment& experiment = *study.experiments.front();
  const auto replay = [&](Breaker& breaker, Tally& tally) { experiment.run({0, 10}, tally, &breaker); };
  Breaker soon;
  Tally broken_off = experiment.empty_tally();
  replay(soon, broken_off);
  CHECK(soon.looks == 1);
  CHECK(soon.blocks == 0);
  CHECK(broken_off.slots == experiment.empty_tally().slots);
  Breaker never;
  never.last_day = 4;
  replay(never, broken_off);
  CHECK(never.looks == 4);
  CHECK(never.blocks == 1);
  Tally whole = experiment.empty_tally();
  experiment.run({0, 10}, whole);
  CHECK(broken_off.slots == whole.slots);
}

}  // namespace
}  // namespace windtunnel

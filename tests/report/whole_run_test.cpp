#include <algorithm>

#include "support/catch.hpp"
#include "windtunnel/core/error.hpp"
#include "windtunnel/report/csv.hpp"
#include "windtunnel/report/result_json.hpp"
#include "windtunnel/report/table.hpp"

using namespace windtunnel;

/// Reports of scenarios that are really replayed: from the text of a scenario to the bytes of a result.
namespace {

const std::string kPeeking = R"({
  "windtunnel": 1, "name": "small", "replications": 700,
  "world": {"traffic": {"users_per_day": 100, "days": 4, "rollout_days": 3},
            "outcome": {"type": "bernoulli", "rate": 0.2}, "effect": {"relative": 0.3}},
  "defaults": {"looks": {"every_days": 1}},
  "strategies": {"fixed horizon": {"rule": "fixed_horizon"}, "peeking": {"rule": "naive_peeking"},
                 "leader": {"rule": "ship_leader"}},
  "sweep": {"effect": {"/world/effect/relative": [0.2, 0.3]}}})";

/// A scenario on its way to a result.
struct Lab {
  explicit Lab(const std::string& text)
      : scenario(read_scenario(text, "stem", registry())),
        study(compile(scenario, registry())),
        progress(Progress::nothing(study)) {}

  void replay_range(ReplicationRange range) { replay(study, RangeSet(range), progress, {}); }

  std::string json() const {
    const Result result = measure(scenario, study, progress);
    return result_json(make_report(scenario, study, result, result.replications), progress);
  }

  std::vector<Rejection> meanings(std::size_t cell) const {
    const Result result = measure(scenario, study, progress);
    const Report report = make_report(scenario, study, result, 0);
    std::vector<Rejection> meanings;
    for (const StrategyFacts& facts : report.cells[cell].strategies) meanings.push_back(facts.rejection);
    return meanings;
  }

  Scenario scenario;
  Study study;
  Progress progress;
};

/// The result a merge of stored texts would write.
std::string merged_json(const std::vector<std::string>& texts) {
  std::vector<StoredResult> results;
  for (const std::string& text : texts) results.push_back(read_result(text, "part"));
  const StoredResult merged = merge_results(std::move(results));
  Lab lab(merged.scenario);
  lab.progress = progress_of(merged, lab.scenario, lab.study);
  return lab.json();
}

}  // namespace

TEST_CASE("whole run: shards merged in any order give the bytes of one run", "[report]") {
  Lab whole(kPeeking);
  whole.replay_range({0, 700});
  std::vector<std::string> shards;
  for (int i : {4, 1, 7, 2, 6, 3, 5}) {
    Lab shard(kPeeking);
    shard.replay_range(shard_range(700, i, 7));
    shards.push_back(shard.json());
  }
  CHECK(merged_json(shards) == whole.json());
  CHECK(merged_json({whole.json()}) == whole.json());
}

TEST_CASE("whole run: an interrupted run goes on to the same bytes", "[report]") {
  Lab whole(kPeeking), interrupted(kPeeking), resumed(kPeeking);
  whole.replay_range({0, 700});
  interrupted.replay_range({0, 301});
  resumed.progress =
      progress_of(read_result(interrupted.json(), "a.partial"), resumed.scenario, resumed.study);
  resumed.replay_range({301, 399});
  CHECK(resumed.json() == whole.json());
}

TEST_CASE("whole run: a result goes on with its own scenario alone", "[report]") {
  Lab lab(kPeeking);
  lab.replay_range({0, 10});
  const StoredResult stored = read_result(lab.json(), "a.partial");
  std::string text = kPeeking;
  const Lab other(
      text.replace(text.find("0.3}"), 4, "0.4}").replace(text.find("\"rate\": 0.2"), 11, "\"rate\": 0.1"));
  CHECK_THROWS_WITH(progress_of(stored, other.scenario, other.study),
                    "belongs to another scenario or seed (hash " + lab.scenario.hash + ", needs " +
                        other.scenario.hash + ")");
  StoredResult edited = stored;
  edited.progress.tallies[0].slots[0] += 1;
  CHECK_THROWS_WITH(progress_of(edited, lab.scenario, lab.study),
                    "contradicts itself: its tallies are not those of its replications");
}

TEST_CASE("whole run: one row of CSV for every value and pair and its variance ratio", "[report]") {
  Lab lab(kPeeking);
  lab.replay_range({0, 100});
  const Result result = measure(lab.scenario, lab.study, lab.progress);
  const std::string text = csv_text(make_report(lab.scenario, lab.study, result, 100));
  std::size_t values = 1;  // the header
  for (const MeasuredCell& cell : result.cells) {
    for (const PairedDifference& pair : cell.pairs) values += pair.variance_ratio ? 2 : 1;
    for (const auto& strategy : cell.strategies)
      for (const MeasureValues& measure : strategy) values += measure.values.size();
  }
  CHECK(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) == values);
  CHECK(text.find("nan") == std::string::npos);
  CHECK(text.find("inf") == std::string::npos);
}

TEST_CASE("whole run: rejecting is a false positive in the null twin and power beside it", "[report]") {
  const Lab lab(kPeeking);
  REQUIRE(lab.study.cells.size() == 4);
  CHECK(lab.meanings(0) ==
        std::vector{Rejection::false_positive, Rejection::false_positive, Rejection::none});
  CHECK(lab.meanings(1) == std::vector{Rejection::power, Rejection::power, Rejection::none});
}

TEST_CASE("whole run: with a margin the false positives are where the effect equals it", "[report]") {
  const auto scenario = [](const std::string& effect) {
    return R"({"windtunnel": 1, "replications": 10,
      "world": {"traffic": {"users_per_day": 100, "days": 2}, "outcome": {"type": "normal", "mean": 5, "sd": 1},
                "effect": {"absolute": )" +
           effect + R"(}},
      "strategies": {
        "two sides": {"rule": "fixed_horizon", "margin": {"absolute": -0.1}},
        "one side": {"rule": "fixed_horizon", "margin": {"absolute": -0.1}, "alternative": "one_sided"}}})";
  };
  const Lab equal(scenario("-0.1")), below(scenario("-0.2")), above(scenario("-0.05"));
  CHECK(equal.meanings(0) == std::vector{Rejection::power, Rejection::power});
  CHECK(equal.meanings(1) == std::vector{Rejection::false_positive, Rejection::false_positive});
  CHECK(below.meanings(1) == std::vector{Rejection::power, Rejection::false_positive});
  CHECK(above.meanings(1) == std::vector{Rejection::power, Rejection::power});
}

TEST_CASE("whole run: a margin of ranks is held against the true share of pairs", "[report]") {
  const Lab lab(R"({"windtunnel": 1, "replications": 10,
    "world": {"traffic": {"users_per_day": 100, "days": 2}, "outcome": {"type": "normal", "mean": 5, "sd": 1},
              "effect": {"absolute": 0.2}},
    "defaults": {"rule": "fixed_horizon", "test": "mann_whitney", "alternative": "one_sided"},
    "strategies": {"below": {"margin": {"absolute": 0.05}}, "above": {"margin": {"absolute": 0.06}},
                   "not worse": {"margin": {"absolute": -0.05}}}})");
  // P(Y1 > Y0) - 1/2 = 0.0562.
  CHECK(lab.meanings(0) ==
        std::vector{Rejection::false_positive, Rejection::false_positive, Rejection::power});
  CHECK(lab.meanings(1) == std::vector{Rejection::power, Rejection::false_positive, Rejection::power});
}

TEST_CASE("whole run: drawn effects make rejecting neither", "[report]") {
  const Lab lab(R"({"windtunnel": 1, "replications": 10,
    "world": {"traffic": {"users_per_day": 100, "days": 2}, "outcome": {"type": "normal", "mean": 5, "sd": 1},
              "effect": {"absolute": {"type": "normal", "mean": 0, "sd": 0.1}}},
    "strategies": {"fixed": {"rule": "fixed_horizon"}}})");
  REQUIRE(lab.study.cells.size() == 1);
  CHECK(lab.meanings(0) == std::vector{Rejection::none});
}

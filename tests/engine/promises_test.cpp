#include <algorithm>
#include <array>
#include <map>
#include <random>

#include "support/catch.hpp"
#include "support/rehearsal.hpp"

/// Same scenario, seed and replications: the same integers, whoever computes them and in what pieces.
namespace windtunnel {
namespace {

constexpr const char* kConversions = R"({"windtunnel": 1, "replications": 3000, "seed": 5,
  "world": {"traffic": {"users_per_day": 200, "days": 7, "rollout_days": 7},
            "outcome": {"type": "bernoulli", "rate": 0.1}, "effect": {"relative": 0.3}},
  "defaults": {"looks": {"every_days": 1}, "baseline": 0.1, "mde": {"relative": 0.3}},
  "strategies": {
    "fixed": {"rule": "fixed_horizon"}, "peeking": {"rule": "naive_peeking"},
    "pocock": {"rule": "group_sequential", "boundary": "pocock", "test": "welch_t"}, "sprt": {"rule": "sprt"},
    "msprt": {"rule": "msprt"}, "bayes": {"rule": "probability_best"}, "leader": {"rule": "ship_leader"}}})";

constexpr const char* kDrawnLevels = R"({"windtunnel": 1, "replications": 3000,
  "world": {"arms": 3, "traffic": {"users_per_day": 90.5, "days": 4, "rollout_days": 3},
            "outcome": {"type": "normal", "sd": 2, "better": "lower", "mean": [
              {"type": "normal", "mean": 1, "sd": 0.5}, 1, {"type": "beta", "a": 2, "b": 3}]}},
  "defaults": {"policy": {"type": "fixed_split", "shares": [2, 1, 1], "assignment": "bernoulli"}},
  "strategies": {
    "holm": {"rule": "naive_peeking", "correction": "holm", "looks": {"every_users": 50}},
    "known": {"rule": "fixed_horizon", "test": {"type": "z_known", "sd": 2}, "days": 3},
    "even": {"rule": "msprt", "mixing_sd": {"absolute": 0.5}, "policy": "fixed_split", "looks": {"equally_spaced": 9}},
    "bayes": {"rule": "probability_best", "prior": {"type": "normal", "mean": 1, "sd": 1}}}})";

constexpr const char* kDrawnLifts = R"({"windtunnel": 1, "replications": 3000,
  "world": {"arms": 3, "traffic": {"users_per_day": 300, "days": 2},
            "outcome": {"type": "bernoulli", "rate": 0.2},
            "effect": {"relative": {"type": "normal", "mean": 0, "sd": 0.3, "min": -0.9, "max": 2}}},
  "strategies": {
    "peeking": {"rule": "naive_peeking", "looks": {"every_users": 100}},
    "bayes": {"rule": "probability_best", "looks": {"every_days": 1}}}})";

constexpr std::array kScenarios{kConversions, kDrawnLevels, kDrawnLifts};

/// Sanitizers see in a thousand replications what they see in three.
Scenario read(const char* text) {
  Scenario scenario = read_scenario(text, "test", registry());
  if (kSanitized) scenario.replications = std::min<i64>(scenario.replications, 1000);
  return scenario;
}

std::vector<Tally> tallies(const Scenario& scenario, EngineOptions engine, const RunnerOptions& runner) {
  const Study study = compile(scenario, registry(), engine);
  Progress progress = Progress::nothing(study);
  replay(study, RangeSet({0, scenario.replications}), progress, runner);
  CHECK(progress.done == RangeSet({0, scenario.replications}));
  return progress.tallies;
}

std::vector<Tally> usual_tallies(const Scenario& scenario) {
  return tallies(scenario, {}, {.threads = 1, .kind = Threads::standard});
}

TEST_CASE("promises: blocks of any size give the same tallies", "[engine]") {
  for (const char* text : kScenarios) {
    const Scenario scenario = read(text);
    const std::vector<Tally> usual = usual_tallies(scenario);
    for (int size : {1, 32, 64, 100, 512, 3000}) {
      if (kSanitized && size == 1) continue;  // slow, and like others
      CAPTURE(text, size);
      CHECK(tallies(scenario, {.block_size = size}, {.threads = 1, .kind = Threads::standard}) == usual);
    }
  }
}

TEST_CASE("promises: any number of threads of either kind and any chunks give the same tallies",
          "[engine][runner]") {
  for (const char* text : kScenarios) {
    const Scenario scenario = read(text);
    const std::vector<Tally> usual = usual_tallies(scenario);
    for (Threads kind : {Threads::tbb, Threads::standard})
      for (int threads : {1, 2, 3, 8})
        for (i64 chunk : {i64{0}, scenario.replications / 3, i64{77}}) {
          CAPTURE(text, static_cast<int>(kind), threads, chunk);
          CHECK(tallies(scenario, {}, {.threads = threads, .kind = kind, .chunk = chunk}) == usual);
        }
  }
}

TEST_CASE("promises: shards added in any order give the tallies of one run", "[engine][runner]") {
  constexpr int kShards = 7;
  for (const char* text : kScenarios) {
    const Scenario scenario = read(text);
    const Study study = compile(scenario, registry());
    std::vector<Progress> shards;
    for (int i = 1; i <= kShards; ++i) {
      shards.push_back(Progress::nothing(study));
      replay(study, RangeSet(shard_range(scenario.replications, i, kShards)), shards.back(),
             {.threads = 2, .kind = Threads::standard});
    }
    std::shuffle(shards.begin(), shards.end(), std::mt19937(3));
    Progress all = Progress::nothing(study);
    for (const Progress& shard : shards) all.add(shard);
    CHECK(all.done == RangeSet({0, scenario.replications}));
    CHECK(all.tallies == usual_tallies(scenario));
    CHECK_THROWS_AS(all.add(shards[2]), std::logic_error);
  }
}

TEST_CASE("promises: a run that was stopped goes on to the same tallies", "[engine][runner]") {
  const Threads kind = GENERATE(Threads::tbb, Threads::standard);
  const int threads = GENERATE(1, 3);
  const Scenario scenario = read(kConversions);
  const Study study = compile(scenario, registry());
  Progress progress = Progress::nothing(study);
  const RangeSet whole({0, scenario.replications});
  const i64 enough = scenario.replications / 6, chunk = enough / 5;
  std::atomic<int> stop{0};
  int runs = 0;
  while (progress.done.count() < scenario.replications) {
    REQUIRE(++runs < 100);
    stop = 0;
    const i64 before = progress.done.count();
    const auto interrupt = [&](i64 done) { stop = done >= enough ? 1 : 0; };
    replay(study, progress.done.missing_from({0, scenario.replications}), progress,
           {.threads = threads, .kind = kind, .chunk = chunk, .on_progress = interrupt, .stop = &stop});
    // The chunk that told, and one more for every thread that had started another.
    CHECK(progress.done.count() - before <= enough + chunk * threads);
  }
  CHECK(runs > 3);
  CHECK(progress.done == whole);
  CHECK(progress.tallies == usual_tallies(scenario));
}

TEST_CASE("promises: a stop before the start replays nothing", "[engine][runner]") {
  const Scenario scenario = read(kConversions);
  const Study study = compile(scenario, registry());
  Progress progress = Progress::nothing(study);
  const std::atomic<int> stop{1};
  replay(study, RangeSet({0, 3000}), progress, {.threads = 2, .stop = &stop});
  CHECK(progress.done.count() == 0);
  CHECK(progress.tallies == Progress::nothing(study).tallies);
}

/// Everything an ending says, number by number, by (strategy, replication).
class Diary final : public Recorder {
 public:
  void looked(int strategy, int k, const Observed& observed, const Evidence&, const Calls&) override {
    std::vector<double>& seen = seen_[{strategy, k}];
    for (int l = 0; l < observed.lanes; ++l)
      for (int a = 0; a < observed.arms; ++a) {
        seen.push_back(observed.users.row(a)[l]);
        seen.push_back(observed.successes.rows() > 0 ? observed.successes.row(a)[l] : observed.sum.row(a)[l]);
      }
  }

  void ended(i64 first, std::span<const Endings* const> by_strategy, const Truth& truth) override {
    for (std::size_t s = 0; s < by_strategy.size(); ++s)
      for (int l = 0; l < by_strategy[s]->lanes; ++l)
        endings[{static_cast<int>(s), first + l}] = told(*by_strategy[s], truth, l);
  }

  /// Totals that a strategy saw at look k, replication by replication.
  const std::vector<double>& seen(int strategy, int k) const { return seen_.at({strategy, k}); }

  std::map<std::pair<int, i64>, std::vector<double>> endings;

 private:
  static std::vector<double> told(const Endings& e, const Truth& truth, int l) {
    std::vector<double> words;
    for (const Table<i32>* t : {&e.look, &e.by_criterion, &e.end, &e.rejected, &e.arm, &e.served})
      words.push_back(t->row(0)[l]);
    for (const Table<double>* t : {&e.users, &e.days, &e.regret, &e.best_users})
      words.push_back(t->row(0)[l]);
    for (int row = 0; row < 3; ++row) words.push_back(e.estimate.row(row)[l]);
    for (int a = 0; a < truth.arms; ++a) {
      words.push_back(truth.lasting.row(a)[l]);
      words.push_back(e.arm_seen.row(a)[l]);
      words.push_back(e.arm_seen.row(a)[l] == 1 ? e.arm_mean.row(a)[l] : 0);
      words.push_back(e.arm_seen.row(a)[l] == 1 ? e.arm_truth.row(a)[l] : 0);
    }
    for (int p = 0; p < e.curve.rows(); ++p) words.push_back(e.curve.row(p)[l]);
    return words;
  }

  std::map<std::pair<int, int>, std::vector<double>> seen_;
};

Diary watch(const Experiment& experiment, ReplicationRange range) {
  Diary diary;
  Tally tally = experiment.empty_tally();
  experiment.run(range, tally, &diary);
  return diary;
}

TEST_CASE("promises: a replication ends the same way in every block", "[engine]") {
  for (const char* text : kScenarios) {
    const Scenario scenario = read(text);
    const Study study = compile(scenario, registry());
    const Experiment& experiment = *study.experiments.back();
    const Diary whole = watch(experiment, {0, 1200});
    for (ReplicationRange range : {ReplicationRange{0, 1}, {777, 1}, {63, 2}, {500, 130}, {1199, 1}}) {
      const Diary part = watch(experiment, range);
      for (const auto& [key, words] : part.endings) {
        CAPTURE(text, key.first, key.second);
        CHECK(words == whole.endings.at(key));
      }
      CHECK(part.endings.size() == static_cast<std::size_t>(range.count) * experiment.strategies().size());
    }
  }
}

TEST_CASE("promises: strategies of one policy see the same users", "[engine]") {
  const Scenario scenario = read(kConversions);
  const Study study = compile(scenario, registry());
  const Diary diary = watch(*study.experiments.back(), {0, 400});
  for (int k = 0; k < 3; ++k) CHECK(diary.seen(1, k) == diary.seen(3, k));  // peeking and SPRT
  CHECK(diary.seen(0, 6) == diary.seen(6, 6));                              // fixed horizon and leader
  CHECK(diary.seen(1, 0) != diary.seen(1, 1));
}

TEST_CASE("promises: a strategy does not depend on its company", "[engine]") {
  // Alone, the peeking strategy asks for the very looks that all seven share.
  Scenario scenario = read(kConversions);
  const Study together = compile(scenario, registry());
  const Diary whole = watch(*together.experiments.back(), {0, 1000});
  scenario.grid[0].strategies = {scenario.grid[0].strategies[1]};
  const Study alone = compile(scenario, registry());
  const Diary single = watch(*alone.experiments.back(), {0, 1000});
  for (const auto& [key, words] : single.endings) CHECK(words == whole.endings.at({1, key.second}));
}

TEST_CASE("promises: a twin run once is the twin run alone", "[engine]") {
  std::string text = kConversions;
  text.insert(text.rfind('}'), R"(, "sweep": {"effect": {"/world/effect/relative": [0.1, 0.2, 0.3]}})");
  const Scenario swept = read(text.c_str());
  const Study study = compile(swept, registry());
  CHECK(study.experiments.size() == 4);  // one twin and three effects
  CHECK(study.cells.size() == 6);
  const std::vector<Tally> seen = usual_tallies(swept), usual = usual_tallies(read(kConversions));
  CHECK(seen.front() == usual.front());
  CHECK(seen.back() == usual.back());
  Scenario without = swept;
  without.grid.resize(1);
  without.grid[0].world.effect.reset();
  CHECK(usual_tallies(without).front() == usual.front());
}

TEST_CASE("promises: another seed is another experiment", "[engine]") {
  Scenario scenario = read(kDrawnLevels);
  const std::vector<Tally> usual = usual_tallies(scenario);
  scenario.seed += 1;
  CHECK(usual_tallies(scenario) != usual);
}

TEST_CASE("promises: memory does not grow with replications", "[engine]") {
  const Scenario scenario = read(R"({"windtunnel": 1,
    "world": {"traffic": {"users_per_day": 20, "days": 1}, "outcome": {"type": "bernoulli", "rate": 0.5}},
    "strategies": {"test": {"rule": "fixed_horizon"}}})");
  const Study study = compile(scenario, registry());
  Progress progress = Progress::nothing(study);
  const std::size_t slots = progress.tallies[0].slots.size();
  const i64 replications = affordable(10'000'000);
  replay(study, RangeSet({0, replications}), progress, {.threads = 2});
  CHECK(progress.done.ranges().size() == 1);
  CHECK(progress.done.count() == replications);
  CHECK(progress.tallies.size() == 1);
  CHECK(progress.tallies[0].slots.size() == slots);
  CHECK(slots < 1000);
  CHECK(study.experiments[0]->layout().replications(progress.tallies[0]) == replications);
}

}  // namespace
}  // namespace windtunnel

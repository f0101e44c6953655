#include <benchmark/benchmark.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "windtunnel/core/reader.hpp"
#include "windtunnel/design/beta_thresholds.hpp"
#include "windtunnel/design/decision.hpp"
#include "windtunnel/design/posterior.hpp"
#include "windtunnel/engine/registry.hpp"

/// What it costs to weigh, judge and decide, per replication and look: every analysis and rule of the
/// registry.
namespace windtunnel {

namespace {

/// The block size of the engine, and the seventh of fourteen daily looks of scenarios/daily-peeking.json:
/// 7,000 users per arm, conversion rate 5 %.
constexpr int kLanes = 512, kLooks = 14, kLook = 6, kUsersPerDay = 2000;

Setting setting_of(int arms, Channels offers) {
  const auto count = static_cast<std::size_t>(arms);
  Setting setting;
  setting.arms = arms;
  setting.offers = offers;
  setting.shares.assign(count, 1.0 / arms);
  setting.margin.assign(count - 1, 0.0);
  for (int look = 1; look <= kLooks; ++look) setting.looks.push_back(i64{kUsersPerDay} / 2 * arms * look);
  return setting;
}

Observed observed_of(const Setting& setting) {
  std::mt19937_64 engine(1);
  const auto spread = [&] { return static_cast<double>(engine() >> 11) * 0x1p-53 - 0.5; };
  const i32 users = kUsersPerDay / 2 * (kLook + 1);
  Observed observed;
  observed.begin(setting.arms, kLanes, setting.offers);
  for (int a = 0; a < setting.arms; ++a)
    for (int l = 0; l < kLanes; ++l) {
      observed.users.row(a)[l] = users;
      if (setting.binary()) {
        observed.successes.row(a)[l] = static_cast<i32>(0.05 * users + 60 * spread());
      } else {
        observed.sum.row(a)[l] = users + 300 * spread();
        if (setting.offers.has(Channel::deviations)) observed.deviations.row(a)[l] = users + 300 * spread();
      }
    }
  return observed;
}

Evidence evidence_of(const Setting& setting, Evidence::Law law) {
  Evidence evidence;
  evidence.law = law;
  evidence.margin = setting.margin;
  evidence.begin(setting.treatments(), setting.panels, kLanes);
  evidence.freedom.assign(setting.hypotheses(), kLanes, 1.0);
  return evidence;
}

/// A leaf with parameters that make any of its family ready to run.
template <class Leaf>
std::shared_ptr<Leaf> made_ready(const RegistryRow<Leaf>& row) {
  static const Json all = parse_document(
      R"({"boundary": "obrien_fleming", "mde": {"absolute": 0.0075}, "sd": 0.218, "baseline": 0.05})");
  static const Json none = Json::object();
  Reading reading;
  Defaults defaults(all, "");
  ObjectReader reader(none, "", reading, &defaults);
  std::shared_ptr<Leaf> leaf = row.make();
  leaf->describe(reader);
  return leaf;
}

/// An item is a lane: one replication's look.
void per_lane(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * kLanes);
}

void weigh(benchmark::State& state, const RegistryRow<Analysis>& row, Setting setting) {
  const auto analysis = made_ready(row);
  setting.offers = analysis->needs(setting.offers);
  const Observed observed = observed_of(setting);
  Evidence evidence = evidence_of(setting, analysis->law());
  const auto evaluator = analysis->open(setting);
  for (auto _ : state) {
    evaluator->weigh(observed, evidence);
    benchmark::DoNotOptimize(evidence.excess.row(0));
    benchmark::ClobberMemory();
  }
  per_lane(state);
}

void look(benchmark::State& state, const RegistryRow<StoppingRule>& row, const char* test, Setting setting) {
  const auto rule = made_ready(row);
  std::shared_ptr<const Analysis> analysis = rule->own_analysis();
  for (const auto& candidate : registry().analyses)
    if (!analysis && candidate.name == std::string(test)) analysis = made_ready(candidate);
  const Observed observed = observed_of(setting);
  Evidence evidence = evidence_of(setting, analysis->law());
  analysis->open(setting)->weigh(observed, evidence);
  const auto plan = rule->plan(setting, Correction::none, analysis->law());
  const auto judge = plan->open(kLanes);
  Calls calls(setting.hypotheses(), kLanes);
  for (auto _ : state) {
    judge->look(plan->looks_at(kLook) ? kLook : kLooks - 1, evidence, observed, calls);
    benchmark::DoNotOptimize(calls.row(0));
    benchmark::ClobberMemory();
  }
  per_lane(state);
}

void mark_block(benchmark::State& state) {
  Calls calls(static_cast<int>(state.range(0)) - 1, kLanes);
  for (int l = 0; l < kLanes; l += 20) calls.row(0)[l] = kReject;
  Table<i32> stopped(1, kLanes);
  for (auto _ : state) {
    mark_stopped(calls, stopped.row(0));
    benchmark::DoNotOptimize(stopped.row(0));
    benchmark::ClobberMemory();
  }
  per_lane(state);
}

/// The price of probability_best's tables, per cell of a scenario.
void beta_tables(benchmark::State& state) {
  for (auto _ : state)
    for (i32 day = 1; day <= kLooks; ++day)
      benchmark::DoNotOptimize(solve_beta_thresholds({1, 1}, 1000 * day, 1000 * day, 0.95));
}

/// Which of some arms is the best, for one lane: their means are a little apart.
void best_of(benchmark::State& state) {
  std::vector<BetaPosterior> arms;
  for (i64 a = 0; a < state.range(0); ++a)
    arms.push_back({60.0 + 8.0 * static_cast<double>(a % 5), 440.0 + static_cast<double>(a)});
  std::vector<double> best(arms.size());
  for (auto _ : state) {
    probability_best(arms, best);
    benchmark::DoNotOptimize(best.data());
    benchmark::ClobberMemory();
  }
}

void register_all() {
  const Channels binary{Channel::users, Channel::successes};
  const Channels continuous{Channel::users, Channel::sum, Channel::deviations};
  for (const auto& row : registry().analyses)
    for (Channels offers : {binary, continuous})
      benchmark::RegisterBenchmark(
          (std::string("design/weigh/") + row.name + (offers == binary ? "/binary" : "/continuous")).c_str(),
          [&row, offers](benchmark::State& state) { weigh(state, row, setting_of(2, offers)); });
  for (const auto& row : registry().rules)
    for (const char* test : {"z_pooled", "welch_t"})
      for (int arms : {2, 3})
        benchmark::RegisterBenchmark(
            (std::string("design/look/") + row.name + "/" + test + "/arms:" + std::to_string(arms)).c_str(),
            [&row, test, arms, binary](benchmark::State& state) {
              look(state, row, test, setting_of(arms, binary));
            });
  benchmark::RegisterBenchmark("design/mark_stopped", mark_block)->ArgName("arms")->Arg(2)->Arg(3)->Arg(10);
  benchmark::RegisterBenchmark("design/best_of", best_of)->ArgName("arms")->Arg(3)->Arg(5)->Arg(10);
  benchmark::RegisterBenchmark("design/beta_tables", beta_tables)->Unit(benchmark::kMillisecond);
}

[[maybe_unused]] const int registered = (register_all(), 0);

}  // namespace

}  // namespace windtunnel

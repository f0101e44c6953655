#include <benchmark/benchmark.h>

#include <algorithm>
#include <random>
#include <vector>

#include "windtunnel/engine/registry.hpp"
#include "windtunnel/measures/cell_tally.hpp"

/// What it costs to record every measure there is: a few nanoseconds per replication and strategy, so that
/// measuring stays cheaper than drawing.
namespace windtunnel {

namespace {

/// Two weeks of daily looks and a regret curve up to 180,000 users: the shape of
/// scenarios/daily-peeking.json.
constexpr int kLanes = 512, kArms = 2, kLooks = 14;

MeasureSetting two_weeks(MeasureSetting::Cell cell) {
  MeasureSetting setting;
  setting.cell = cell;
  setting.arms = kArms;
  setting.all_means_equal = cell == MeasureSetting::Cell::null;
  setting.margin = {0};
  for (int look = 1; look <= kLooks; ++look) {
    setting.looks.push_back(2000 * look);
    setting.look_days.push_back(look);
  }
  setting.curve_points = {1,    2,    5,    10,    20,    50,    100,    200,   500,
                          1000, 2000, 5000, 10000, 20000, 50000, 100000, 180000};
  setting.horizon_users = 180000;
  return setting;
}

Truth truth_of(MeasureSetting::Cell cell) {
  Truth truth;
  truth.arms = kArms;
  truth.lanes = kLanes;
  truth.lasting.assign(kArms, kLanes);
  if (cell == MeasureSetting::Cell::effect) std::ranges::fill(truth.lasting.span(1), 0.0075);
  return truth;
}

/// Endings that stop at random looks.
Endings random_endings(const MeasureSetting& setting, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  const auto uniform = [&] { return static_cast<double>(engine() >> 11) * 0x1p-53; };
  Endings endings;
  endings.begin(kArms, static_cast<int>(setting.curve_points.size()), kLanes);
  for (int l = 0; l < kLanes; ++l) {
    const int look = static_cast<int>(uniform() * kLooks);
    const i32 ships = uniform() < 0.5 ? 1 : 0;
    endings.look.row(0)[l] = look;
    endings.by_criterion.row(0)[l] = endings.rejected.row(0)[l] = endings.served.row(0)[l] = ships;
    endings.end.row(0)[l] = ships == 1 ? kShip : kUndecided;
    endings.arm.row(0)[l] = 1;
    endings.users.row(0)[l] = 2000 * (look + 1);
    endings.days.row(0)[l] = look + 1;
    endings.estimate.row(0)[l] = 0.02 * (uniform() - 0.3);
    endings.estimate.row(1)[l] = endings.estimate.row(0)[l] - 0.01;
    endings.estimate.row(2)[l] = endings.estimate.row(0)[l] + 0.01;
    endings.regret.row(0)[l] = 600 * uniform();
    endings.best_users.row(0)[l] = 180000 * uniform();
    for (int point = 0; point < endings.curve.rows(); ++point) {
      // Nobody has stopped before the first look.
      const bool is_early = setting.curve_points[static_cast<std::size_t>(point)] < setting.looks.front();
      endings.curve.row(point)[l] = is_early ? 0.01 * point : 600 * uniform();
    }
    for (int arm = 0; arm < kArms; ++arm) {
      endings.arm_mean.row(arm)[l] = 0.05 + 0.01 * uniform();
      endings.arm_truth.row(arm)[l] = 0.055;
      endings.arm_seen.row(arm)[l] = 1;
    }
  }
  return endings;
}

/// Records blocks of `strategies` strategies; items are replications.
void record_block(benchmark::State& state, MeasureSetting::Cell cell) {
  const auto strategies = static_cast<std::size_t>(state.range(0));
  const CellTally layout(registry().measures, std::vector<MeasureSetting>(strategies, two_weeks(cell)));
  const Truth truth = truth_of(cell);
  std::vector<Endings> endings;
  for (std::size_t s = 0; s < strategies; ++s) endings.push_back(random_endings(two_weeks(cell), s));
  std::vector<const Endings*> pointers;
  for (const Endings& of_strategy : endings) pointers.push_back(&of_strategy);
  Scratch scratch;
  Tally tally = layout.empty();
  for (auto _ : state) {
    layout.record(pointers, truth, scratch, tally);
    benchmark::DoNotOptimize(tally.slots.data());
  }
  state.SetItemsProcessed(state.iterations() * kLanes);
  const double recorded = static_cast<double>(state.iterations()) * kLanes * static_cast<double>(strategies);
  state.counters["per_replication_and_strategy"] =
      benchmark::Counter(recorded, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void BM_RecordNullCell(benchmark::State& state) {
  record_block(state, MeasureSetting::Cell::null);
}
void BM_RecordEffectCell(benchmark::State& state) {
  record_block(state, MeasureSetting::Cell::effect);
}

// One strategy has nothing to be compared with; six make fifteen pairs.
BENCHMARK(BM_RecordNullCell)->Arg(1)->Arg(6);
BENCHMARK(BM_RecordEffectCell)->Arg(1)->Arg(6);

/// What one measure costs, by registry index.
void BM_RecordOne(benchmark::State& state) {
  const RegistryRow<Measure>& row = registry().measures[static_cast<std::size_t>(state.range(0))];
  const MeasureSetting setting = two_weeks(MeasureSetting::Cell::effect);
  const Truth truth = truth_of(setting.cell);
  const Endings endings = random_endings(setting, 1);
  const auto measure = row.make();
  std::vector<i128> tally(static_cast<std::size_t>(measure->slots(setting)));
  Scratch scratch;
  scratch.begin(1, kLanes);
  const Judged judged = judge(endings, truth, setting, 0, scratch);
  for (auto _ : state) {
    measure->record(judged, scratch, tally);
    benchmark::DoNotOptimize(tally.data());
  }
  state.SetItemsProcessed(state.iterations() * kLanes);
  state.SetLabel(row.name);
}
BENCHMARK(BM_RecordOne)->Apply([](benchmark::internal::Benchmark* benchmark) {
  for (std::size_t m = 0; m < registry().measures.size(); ++m) benchmark->Arg(static_cast<std::int64_t>(m));
});

}  // namespace

}  // namespace windtunnel

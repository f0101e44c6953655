#include "windtunnel/measures/cell_tally.hpp"

#include "measures/expected.hpp"
#include "measures/replications.hpp"
#include "windtunnel/engine/registry.hpp"
using namespace windtunnel;
using namespace windtunnel::measure_tests;

namespace {

/// Strategies that saw the same replications; the truth is that of the first.
std::vector<Sample> strategies(Recipe recipe, int count) {
  std::vector<Sample> all;
  for (int s = 0; s < count; ++s) {
    recipe.seed += 100;
    all.push_back(draw(recipe));
    for (std::size_t i = 0; i < all.back().replications.size(); ++i)
      all.back().replications[i].lasting = all.front().replications[i].lasting;
  }
  return all;
}

CellTally layout_of(const std::vector<Sample>& samples) {
  std::vector<MeasureSetting> settings;
  for (const Sample& sample : samples) settings.push_back(sample.setting);
  return CellTally(registry().measures, settings);
}

void record(const CellTally& layout, const std::vector<Sample>& samples, int first, int last, Tally& tally) {
  std::vector<Block> blocks;
  for (const Sample& sample : samples) blocks.emplace_back(sample, first, last);
  std::vector<const Endings*> endings;
  for (const Block& block : blocks) endings.push_back(&block.endings);
  Scratch scratch;
  layout.record(endings, blocks.front().truth, scratch, tally);
}

Tally tally_of_all(const CellTally& layout, const std::vector<Sample>& samples, int block_size) {
  Tally tally = layout.empty();
  const int count = static_cast<int>(samples.front().replications.size());
  for (int first = 0; first < count; first += block_size)
    record(layout, samples, first, std::min(first + block_size, count), tally);
  return tally;
}

}  // namespace

TEST_CASE("cell tally: blocks of any size give the same integers", "[measures]") {
  const auto samples = strategies({.cell = MeasureSetting::Cell::drawn, .arms = 3, .count = 2100}, 3);
  const CellTally layout = layout_of(samples);
  const Tally whole = tally_of_all(layout, samples, 2100);
  CHECK(static_cast<int>(whole.slots.size()) == layout.slots());
  CHECK(layout.replications(whole) == 2100);
  for (const int block_size : {1, 7, 32, 64, 512, 1024, 2048})
    CHECK(tally_of_all(layout, samples, block_size) == whole);
}

TEST_CASE("cell tally: tallies of parts add to the tally of all", "[measures]") {
  const auto samples = strategies({.arms = 2, .count = 900}, 2);
  const CellTally layout = layout_of(samples);
  Tally parts[3] = {layout.empty(), layout.empty(), layout.empty()};
  record(layout, samples, 0, 500, parts[0]);
  record(layout, samples, 500, 501, parts[1]);
  record(layout, samples, 501, 900, parts[2]);
  parts[2].add(parts[0]);
  parts[2].add(parts[1]);
  CHECK(parts[2] == tally_of_all(layout, samples, 64));
}

TEST_CASE("cell tally: every strategy reads back its own measures", "[measures]") {
  const auto samples = strategies({.arms = 3, .count = 400}, 3);
  const CellTally layout = layout_of(samples);
  const Tally tally = tally_of_all(layout, samples, 128);
  for (int s = 0; s < 3; ++s) {
    const std::vector<MeasureValues> measured = layout.read(tally, s);
    REQUIRE(measured.size() == registry().measures.size());
    for (std::size_t m = 0; m < measured.size(); ++m) {
      CHECK(measured[m].measure == registry().measures[m].name);
      const auto alone = values_of(*registry().measures[m].make(), samples[static_cast<std::size_t>(s)]);
      REQUIRE(measured[m].values.size() == alone.size());
      for (std::size_t v = 0; v < alone.size(); ++v) {
        CHECK(measured[m].values[v].at == alone[v].at);
        CHECK(measured[m].values[v].absent == alone[v].absent);
        CHECK(measured[m].values[v].value == alone[v].value);
        CHECK(measured[m].values[v].mcse == alone[v].mcse);
      }
    }
  }
}

TEST_CASE("cell tally: paired differences of every mean and proportion", "[measures]") {
  const auto samples = strategies({.cell = MeasureSetting::Cell::drawn, .arms = 3, .count = 700}, 3);
  const CellTally layout = layout_of(samples);
  const std::vector<PairedDifference> pairs = layout.read_pairs(tally_of_all(layout, samples, 512));
  const std::pair<const char*, Number> expected[] = {
      {"rejection_rate", [](const Replication& r) { return r.rejected; }},
      {"ship_rate", [](const Replication& r) { return r.end == kShip; }},
      {"keep_rate", [](const Replication& r) { return r.end == kKeep; }},
      {"undecided_rate", [](const Replication& r) { return r.end == kUndecided; }},
      {"wrong_ship_rate", [](const Replication& r) { return r.end == kShip && r.effect() <= 0; }},
      {"missed_rate",
       [](const Replication& r) {
         return r.end != kShip && *std::max_element(r.lasting.begin(), r.lasting.end()) > 0;
       }},
      {"correct_rate",
       [](const Replication& r) {
         return r.lasting[static_cast<std::size_t>(r.served)] ==
                *std::max_element(r.lasting.begin(), r.lasting.end());
       }},
      {"mean_users", [](const Replication& r) { return r.users; }},
      {"mean_days", [](const Replication& r) { return r.days; }},
      {"regret", [](const Replication& r) { return r.regret; }},
      {"best_arm_share", [](const Replication& r) { return r.best_users / 180000; }}};
  REQUIRE(pairs.size() == 3 * std::size(expected));
  std::size_t next = 0;
  for (const auto& [strategy, versus] : {std::pair(0, 1), std::pair(0, 2), std::pair(1, 2)}) {
    for (const auto& [name, number] : expected) {
      const PairedDifference& pair = pairs[next++];
      CHECK(pair.strategy == strategy);
      CHECK(pair.versus == versus);
      CHECK(pair.measure == name);
      auto left = numbers(samples[static_cast<std::size_t>(strategy)], everyone, number);
      const auto right = numbers(samples[static_cast<std::size_t>(versus)], everyone, number);
      for (std::size_t i = 0; i < left.size(); ++i) left[i] -= right[i];
      INFO(name);
      check_mean(pair.value, left, 3000);
    }
  }
}

TEST_CASE("cell tally: a difference is absent where one side has no value", "[measures]") {
  auto samples = strategies({.arms = 2, .count = 60}, 3);
  samples[1].setting.tests = false;
  const CellTally layout = layout_of(samples);
  int rejection_pairs = 0;
  for (const PairedDifference& pair : layout.read_pairs(tally_of_all(layout, samples, 60))) {
    // In this cell every treatment is worth shipping.
    if (pair.measure == "wrong_ship_rate") CHECK(pair.value.absent == "every treatment is worth shipping");
    if (pair.measure == "ship_rate") CHECK(pair.value.absent.empty());
    if (pair.measure != "rejection_rate") continue;
    ++rejection_pairs;
    CHECK(pair.strategy == 0);
    CHECK(pair.versus == 2);
  }
  CHECK(rejection_pairs == 1);
}

TEST_CASE("cell tally: one side without a value is enough for a difference to be absent", "[measures]") {
  auto samples = strategies({.arms = 2, .count = 60}, 3);
  samples[0].setting.margin = samples[2].setting.margin = {0.03};  // above the effect of .02
  const CellTally layout = layout_of(samples);
  const auto pairs = layout.read_pairs(tally_of_all(layout, samples, 60));
  const auto is_absent = [&](int strategy, int versus) {
    for (const PairedDifference& pair : pairs)
      if (pair.measure == "wrong_ship_rate" && pair.strategy == strategy && pair.versus == versus)
        return !pair.value.absent.empty();
    throw std::logic_error("no such pair");
  };
  CHECK(is_absent(0, 1));
  CHECK(is_absent(1, 2));
  CHECK_FALSE(is_absent(0, 2));
}

TEST_CASE("cell tally: a scratch used for another shape does no harm", "[measures]") {
  const auto large = strategies({.arms = 4, .count = 300, .seed = 50}, 4);
  const auto small = strategies({.arms = 2, .count = 40}, 2);
  const CellTally large_layout = layout_of(large), small_layout = layout_of(small);
  Tally fresh = tally_of_all(small_layout, small, 40), reused = small_layout.empty(),
        other = large_layout.empty();
  Scratch scratch;
  const auto run = [&](const CellTally& layout, const std::vector<Sample>& samples, Tally& tally) {
    std::vector<Block> blocks;
    for (const Sample& sample : samples)
      blocks.emplace_back(sample, 0, static_cast<int>(sample.replications.size()));
    std::vector<const Endings*> endings;
    for (const Block& block : blocks) endings.push_back(&block.endings);
    layout.record(endings, blocks.front().truth, scratch, tally);
  };
  run(large_layout, large, other);
  run(small_layout, small, reused);
  CHECK(reused == fresh);
}

TEST_CASE("cell tally: a number outside its range is told with measure, strategy and cell", "[measures]") {
  auto samples = strategies({.count = 40}, 2);
  samples[1].setting.whose = "'second' in the cell effect";
  samples[1].setting.magnitude = 1e-9;
  const CellTally layout = layout_of(samples);
  Tally tally = layout.empty();
  CHECK_THROWS_WITH(record(layout, samples, 0, 40, tally),
                    Catch::Contains(" of 'second' in the cell effect: ") && Catch::Contains("range"));
}

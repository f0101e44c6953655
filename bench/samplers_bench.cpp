#include <benchmark/benchmark.h>

#include <random>
#include <vector>

#include "windtunnel/core/philox_blocks.hpp"
#include "windtunnel/core/samplers.hpp"

/// Rates of the generator and the samplers over one block of 512 lanes, the size the engine works in. Each
/// iteration takes another time of the address, as a run does look by look; `items_per_second` counts words
/// or variates. References: the portable kernels of the same file, and std::binomial_distribution.
namespace windtunnel {
namespace {

constexpr std::size_t kLanes = 512;

/// Times body(address) for one address after another.
template <class Body>
void measure(benchmark::State& state, Body body) {
  Address address{};
  for (auto _ : state) {
    ++address.time;
    body(address);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(static_cast<i64>(kLanes) * state.iterations());
}

const Random& generator() {
  static const Random random(1, Purpose::outcome);
  return random;
}

LaneSource source() {
  return {&generator(), 0};
}

void fill(benchmark::State& state) {
  state.SetLabel(philox_instruction_set());
  std::vector<u32> words(kLanes);
  measure(state, [&](Address address) { generator().fill(0, address, words); });
}
BENCHMARK(fill);

void fill_portable(benchmark::State& state) {
  std::vector<std::byte> bytes(4 * kLanes);
  measure(state, [&](Address address) {
    philox_blocks_portable({1, 2}, 0, address, kLanes / kBlockWords, bytes.data());
  });
}
BENCHMARK(fill_portable);

void fill_halves(benchmark::State& state) {
  std::vector<u16> halves(kLanes);
  measure(state, [&](Address address) { generator().fill_halves(0, address, halves); });
}
BENCHMARK(fill_halves);

/// Counts 1000, 2000 and 5000 at 5 % need 128, 256 and 512 cells; 100,000 is looked up in memory.
void binomial_table(benchmark::State& state) {
  const BinomialTable table(state.range(0), 0.05);
  std::vector<i32> total(kLanes);
  measure(state, [&](Address address) { table.add(source(), address, total); });
}
BENCHMARK(binomial_table)->Arg(1000)->Arg(2000)->Arg(5000)->Arg(100'000);

void binomial_table_portable(benchmark::State& state) {
  const BinomialTable table(state.range(0), 0.05);
  std::vector<i32> total(kLanes);
  measure(state, [&](Address address) { table.add_portable(source(), address, total); });
}
BENCHMARK(binomial_table_portable)->Arg(1000)->Arg(2000)->Arg(5000)->Arg(100'000);

/// Building pays off after this many draws of the per-lane sampler.
void binomial_table_build(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(BinomialTable(state.range(0), 0.05));
}
BENCHMARK(binomial_table_build)->Arg(1000)->Arg(5000)->Arg(100'000);

/// Count 100 is drawn by inversion, the others by rejection.
void binomial_per_lane(benchmark::State& state) {
  const std::vector<i32> count(kLanes, static_cast<i32>(state.range(0)));
  std::vector<double> probability(kLanes);
  for (std::size_t lane = 0; lane < kLanes; ++lane)
    probability[lane] = 0.05 + 1e-5 * static_cast<double>(lane);
  std::vector<i32> out(kLanes);
  measure(state, [&](Address address) { sample_binomial(source(), address, count, probability, out); });
}
BENCHMARK(binomial_per_lane)->Arg(100)->Arg(1000)->Arg(100'000);

void binomial_standard_library(benchmark::State& state) {
  std::mt19937_64 engine(1);
  std::binomial_distribution<i32> distribution(static_cast<i32>(state.range(0)), 0.05);
  std::vector<i32> out(kLanes);
  measure(state, [&](Address) {
    for (i32& outcome : out) outcome = distribution(engine);
  });
}
BENCHMARK(binomial_standard_library)->Arg(1000);

void bernoulli(benchmark::State& state) {
  std::vector<i32> total(kLanes);
  measure(state, [&](Address address) { add_bernoulli(source(), address, 0.05, total); });
}
BENCHMARK(bernoulli);

void bernoulli_per_lane(benchmark::State& state) {
  const std::vector<double> probability(kLanes, 0.05);
  std::vector<i32> total(kLanes);
  measure(state, [&](Address address) { add_bernoulli(source(), address, probability, total); });
}
BENCHMARK(bernoulli_per_lane);

void uniform(benchmark::State& state) {
  std::vector<double> out(kLanes);
  measure(state, [&](Address address) { sample_uniform(source(), address, out); });
}
BENCHMARK(uniform);

void normal(benchmark::State& state) {
  std::vector<double> out(kLanes);
  measure(state, [&](Address address) { sample_normal(source(), address, out); });
}
BENCHMARK(normal);

/// Shapes in halves: 1/2 is boosted, 1 rejects most, 499.5 is the chi-square of 1,000 users.
void gamma(benchmark::State& state) {
  const double shape = 0.5 * static_cast<double>(state.range(0));
  std::vector<double> out(kLanes);
  measure(state, [&](Address address) { sample_gamma(source(), address, shape, out); });
}
BENCHMARK(gamma)->Arg(1)->Arg(2)->Arg(999);

void beta(benchmark::State& state) {
  std::vector<double> out(kLanes);
  measure(state, [&](Address address) { sample_beta(source(), address, 50.0, 950.0, out); });
}
BENCHMARK(beta);

}  // namespace
}  // namespace windtunnel

#include <benchmark/benchmark.h>

#include <stdexcept>

#include "windtunnel/core/reader.hpp"
#include "windtunnel/engine/registry.hpp"
#include "windtunnel/world/world.hpp"

/// What it costs to draw users one by one through a stream, in one block of 512 lanes: `items_per_second`
/// counts users of single replications. A step has 1,000 users in two arms, as many as a day of a small
/// experiment.
namespace windtunnel {
namespace {

constexpr int kLanes = 512, kUsersOfArm = 500;

/// An outcome of the registry.
std::shared_ptr<const Outcome> outcome_of(const std::string& type, const Json& parameters) {
  for (const RegistryRow<Outcome>& row : registry().outcomes) {
    if (row.name != type) continue;
    Reading reading;
    ObjectReader reader(parameters, "", reading);
    std::shared_ptr<Outcome> outcome = row.make();
    outcome->describe(reader);
    return outcome;
  }
  throw std::logic_error("no outcome " + type);
}

/// What becomes of every user's value.
enum class Values { dropped, kept };

/// Steps of one path, one after the other.
///   shared  whether users and means are the same in all lanes, or told lane by lane
void advance(benchmark::State& state, const std::string& type, const Json& parameters, Path path, bool shared,
             Values values = Values::dropped) {
  WorldSpec spec;
  spec.users_per_day = 2 * kUsersOfArm;
  spec.outcome = outcome_of(type, parameters);
  const World world(spec, 1, World::Twin::none);
  const Timeline timeline({2 * kUsersOfArm}, {0}, 2 * kUsersOfArm);
  const Channels offered = spec.outcome->offers();
  const Channels wanted = values == Values::kept ? offered : offered.without(Channel::values);
  const auto plan = world.plan(timeline, wanted, path, nullptr);
  Truth truth;
  world.reveal(0, kLanes, truth);
  const auto stream = plan->open(0, truth);
  Observed observed;
  Allocation allocation;
  allocation.shared = {kUsersOfArm, kUsersOfArm};
  if (!shared) allocation.spread(2, kLanes, allocation);
  const Step step = *timeline.steps().begin();
  observed.begin(2, kLanes, wanted);
  for (auto _ : state) {
    stream->advance(step, allocation, observed);
    benchmark::ClobberMemory();
    observed.begin(2, kLanes, wanted);
  }
  state.SetItemsProcessed(i64{2} * kUsersOfArm * kLanes * state.iterations());
}

void users_bernoulli(benchmark::State& state) {
  advance(state, "bernoulli", {{"rate", 0.05}}, Path::users, true);
}
BENCHMARK(users_bernoulli);

void users_bernoulli_by_lane(benchmark::State& state) {
  advance(state, "bernoulli", {{"rate", 0.05}}, Path::users, false);
}
BENCHMARK(users_bernoulli_by_lane);

void users_normal(benchmark::State& state) {
  advance(state, "normal", {{"mean", 1}, {"sd", 1}}, Path::users, true);
}
BENCHMARK(users_normal);

constexpr const char* kRevenue = R"({"payer_rate": 0.05, "log_mean": 3, "log_sd": 1})";

void increments_revenue(benchmark::State& state) {
  advance(state, "revenue", Json::parse(kRevenue), Path::increments, true);
}
BENCHMARK(increments_revenue);

void increments_revenue_with_values(benchmark::State& state) {
  advance(state, "revenue", Json::parse(kRevenue), Path::increments, true, Values::kept);
}
BENCHMARK(increments_revenue_with_values);

void increments_normal_with_values(benchmark::State& state) {
  advance(state, "normal", {{"mean", 1}, {"sd", 1}}, Path::increments, true, Values::kept);
}
BENCHMARK(increments_normal_with_values);

}  // namespace
}  // namespace windtunnel

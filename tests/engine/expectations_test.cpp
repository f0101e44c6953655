#include <cmath>

#include "support/catch.hpp"
#include "support/rehearsal.hpp"
#include "windtunnel/core/error.hpp"
#include "windtunnel/engine/result.hpp"

/// Three-valued judgements of values made up for the purpose.
namespace windtunnel {
namespace {

using Kind = Expectation::Kind;
using State = ExpectationResult::State;

Value share(double value, i64 replications) {
  Value result;
  result.value = value;
  result.kind = Value::Kind::proportion;
  result.replications = replications;
  result.mcse = std::sqrt(value * (1 - value) / static_cast<double>(replications));
  return result;
}

Value mean(double value, double mcse, i64 replications = 1000) {
  Value result;
  result.value = value;
  result.mcse = mcse;
  result.replications = replications;
  return result;
}

/// A scenario of two strategies, `a` and `b`.
Scenario two_strategies() {
  Scenario scenario;
  scenario.grid.resize(1);
  scenario.grid[0].strategies.resize(2);
  scenario.grid[0].strategies[0].name = "a";
  scenario.grid[0].strategies[1].name = "b";
  return scenario;
}

MeasuredCell cell_with(const Value& of_a, const Value& of_b = {}) {
  MeasuredCell cell;
  cell.strategies = {{{"m", {of_a}}}, {{"m", {of_b}}}};
  return cell;
}

Expectation expecting(Kind kind, double value, double within) {
  Expectation expectation;
  expectation.strategy = "a";
  expectation.measure = "m";
  expectation.cell = "null";
  expectation.kind = kind;
  expectation.value = value;
  expectation.within = within;
  return expectation;
}

ExpectationResult judged(const Expectation& expectation, const std::vector<MeasuredCell>& cells) {
  Scenario scenario = two_strategies();
  scenario.expectations = {expectation};
  return judge_expectations(scenario, cells).at(0);
}

State state(Kind kind, double value, double within, const Value& seen) {
  return judged(expecting(kind, value, within), {cell_with(seen)}).state;
}

TEST_CASE("expectations: near a share with its error at the reference", "[engine]") {
  // e = sqrt(.2 * .8 / 100000) = .0012649: 4 e = .0050596 is below .01, so holds up to .0150596.
  CHECK(state(Kind::near, 0.2, 0.01, share(0.209, 100'000)) == State::holds);
  CHECK(state(Kind::near, 0.2, 0.01, share(0.2149, 100'000)) == State::holds);
  CHECK(state(Kind::near, 0.2, 0.01, share(0.1850, 100'000)) == State::holds);
  CHECK(state(Kind::near, 0.2, 0.01, share(0.2152, 100'000)) == State::fails);
  CHECK(state(Kind::near, 0.2, 0.01, share(0.1849, 100'000)) == State::fails);
  // e = .004 with 10,000: 4 e = .016 is above .01, so nothing holds, and beyond .026 it fails.
  CHECK(state(Kind::near, 0.2, 0.01, share(0.2, 10'000)) == State::undecided);
  CHECK(state(Kind::near, 0.2, 0.01, share(0.2259, 10'000)) == State::undecided);
  CHECK(state(Kind::near, 0.2, 0.01, share(0.2261, 10'000)) == State::fails);
}

TEST_CASE("expectations: bounds of a share with its error at the bound", "[engine]") {
  // 4 e = 4 sqrt(.05 * .95 / 100000) = .0027568
  CHECK(state(Kind::at_most, 0.05, 0, share(0.0472, 100'000)) == State::holds);
  CHECK(state(Kind::at_most, 0.05, 0, share(0.0473, 100'000)) == State::undecided);
  CHECK(state(Kind::at_most, 0.05, 0, share(0.0527, 100'000)) == State::undecided);
  CHECK(state(Kind::at_most, 0.05, 0, share(0.0528, 100'000)) == State::fails);
  CHECK(state(Kind::at_most, 0.05, 0.01, share(0.0572, 100'000)) == State::holds);
  CHECK(state(Kind::at_least, 0.05, 0, share(0.0528, 100'000)) == State::holds);
  CHECK(state(Kind::at_least, 0.05, 0, share(0.0527, 100'000)) == State::undecided);
  CHECK(state(Kind::at_least, 0.05, 0, share(0.0473, 100'000)) == State::undecided);
  CHECK(state(Kind::at_least, 0.05, 0, share(0.0472, 100'000)) == State::fails);
  CHECK(state(Kind::at_least, 0.05, 0.01, share(0.0429, 100'000)) == State::holds);
}

TEST_CASE("expectations: a bound of nothing is met exactly", "[engine]") {
  CHECK(state(Kind::at_most, 0, 0, share(0, 1000)) == State::holds);
  CHECK(state(Kind::at_most, 0, 0, share(0.001, 1000)) == State::fails);
}

TEST_CASE("expectations: means with their own error", "[engine]") {
  CHECK(state(Kind::near, 100, 3, mean(102.5, 0.7)) == State::holds);
  CHECK(state(Kind::near, 100, 3, mean(105.9, 0.7)) == State::fails);
  CHECK(state(Kind::near, 100, 3, mean(100, 0.8)) == State::undecided);
  CHECK(state(Kind::at_most, 100, 0, mean(96.9, 0.75)) == State::holds);
  CHECK(state(Kind::at_least, 100, 0, mean(96.9, 0.75)) == State::fails);
}

TEST_CASE("expectations: undecided ones say how many replications would tell", "[engine]") {
  const auto near = judged(expecting(Kind::near, 0.2, 0.01), {cell_with(share(0.2, 10'000))});
  CHECK(near.replications_needed == 25'600);  // 10,000 (4 * .004 / .01)^2
  CHECK(state(Kind::near, 0.2, 0.01, share(0.2, 25'600)) == State::holds);
  const auto bound = judged(expecting(Kind::at_most, 100, 0), {cell_with(mean(98, 1, 1000))});
  CHECK(bound.state == State::undecided);
  CHECK(bound.replications_needed == 4000);  // the error must be half as large
  CHECK(judged(expecting(Kind::at_most, 100, 0), {cell_with(mean(90, 1))}).replications_needed == 0);
}

TEST_CASE("expectations: another strategy as reference with the paired error", "[engine]") {
  MeasuredCell cell = cell_with(share(0.30, 10'000), share(0.25, 10'000));
  cell.pairs = {{0, 1, "m", mean(0.05, 0.001)}};
  Expectation expectation = expecting(Kind::at_least, 0, 0);
  expectation.other = "b";
  CHECK(judged(expectation, {cell}).state == State::holds);
  expectation.kind = Kind::at_most;
  CHECK(judged(expectation, {cell}).state == State::fails);
  expectation.within = 0.055;
  CHECK(judged(expectation, {cell}).state == State::holds);
  std::swap(expectation.strategy, expectation.other);  // b at most a: the pair is read the other way round
  expectation.within = 0;
  CHECK(judged(expectation, {cell}).state == State::holds);
  expectation.kind = Kind::near;
  expectation.within = 0.047;
  CHECK(judged(expectation, {cell}).state == State::holds);
  expectation.within = 0.045;
  CHECK(judged(expectation, {cell}).state == State::fails);
  cell.pairs[0].value = mean(0.05, 0.02);
  CHECK(judged(expectation, {cell}).state == State::undecided);
}

TEST_CASE("expectations: without a value they fail and say why", "[engine]") {
  Value nothing;
  nothing.absent = "the rule does not test";
  const auto result = judged(expecting(Kind::near, 0.2, 0.01), {cell_with(nothing)});
  CHECK(result.state == State::fails);
  CHECK(result.sentence.find("the rule does not test") != std::string::npos);
  MeasuredCell effect = cell_with(share(0.2, 100'000));
  effect.kind = MeasureSetting::Cell::effect;
  CHECK(judged(expecting(Kind::near, 0.2, 0.01), {effect}).state == State::fails);  // no null cell at all
}

TEST_CASE("expectations: of several cells the worst counts", "[engine]") {
  const MeasuredCell good = cell_with(share(0.2, 100'000)), unsure = cell_with(share(0.2, 10'000)),
                     bad = cell_with(share(0.3, 100'000));
  const Expectation expectation = expecting(Kind::near, 0.2, 0.01);
  CHECK(judged(expectation, {good, good}).state == State::holds);
  CHECK(judged(expectation, {good, unsure, good}).state == State::undecided);
  CHECK(judged(expectation, {unsure, bad, good}).state == State::fails);
}

TEST_CASE("expectations: they speak of the cells they name", "[engine]") {
  Scenario scenario = two_strategies();
  scenario.axes = {"days"};
  scenario.grid.push_back(scenario.grid[0]);
  scenario.grid[0].coordinates = {"7"};
  scenario.grid[1].coordinates = {"14"};
  MeasuredCell week = cell_with(share(0.1, 100'000)), fortnight = cell_with(share(0.2, 100'000));
  fortnight.grid = 1;
  Expectation expectation = expecting(Kind::near, 0.2, 0.01);
  expectation.at = {{"days", "14"}};
  scenario.expectations = {expectation};
  CHECK(judge_expectations(scenario, {week, fortnight}).at(0).state == State::holds);
  expectation.at = {{"days", "7"}};
  scenario.expectations = {expectation};
  CHECK(judge_expectations(scenario, {week, fortnight}).at(0).state == State::fails);
  expectation.at.clear();
  scenario.expectations = {expectation};
  CHECK(judge_expectations(scenario, {week, fortnight}).at(0).state == State::fails);
}

TEST_CASE("expectations: measures of several values are refused and no others", "[engine]") {
  const auto scenario = [](const std::string& measure) {
    return R"({"windtunnel": 1, "replications": 100,
      "world": {"traffic": {"users_per_day": 100, "days": 3}, "outcome": {"type": "bernoulli", "rate": 0.3},
                "effect": {"absolute": 0.1}},
      "strategies": {"peek": {"rule": "naive_peeking", "looks": {"every_days": 1}}}, "expect": [)" +
           (measure.empty()
                ? ""
                : R"({"strategy": "peek", "cell": "effect", "near": 1, "within": 1, "measure": ")" + measure +
                      "\"}") +
           "]}";
  };
  const Rehearsal rehearsal = rehearse(scenario(""));
  for (const MeasureValues& measure : rehearsal.result.cells.back().strategies.front()) {
    INFO(measure.measure);
    const bool is_about_bandits = measure.measure == "arm_share";  // one value here: why it is absent
    if (measure.values.size() > 1 || is_about_bandits)
      CHECK_THROWS_AS(read_scenario(scenario(measure.measure), "test", registry()), InputError);
    else
      CHECK_NOTHROW(read_scenario(scenario(measure.measure), "test", registry()));
  }
}

}  // namespace
}  // namespace windtunnel

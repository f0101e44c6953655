#pragma once

#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "windtunnel/report/report.hpp"

/// Scenarios and results made by hand, so that what is printed is known beforehand.
namespace windtunnel::made {

/// An outcome of a known mean that nobody draws.
class StillOutcome final : public Outcome {
 public:
  StillOutcome(double mean, Range means) : levels_{Distribution::point(mean)}, means_(means) {}
  void describe(Fields&) override {}
  Channels offers() const override { return {}; }
  const std::vector<Distribution>& levels() const override { return levels_; }
  Range legal_means() const override { return means_; }
  double largest(double) const override { return 1; }
  std::function<double(double)> distribution(double mean) const override {
    return [mean](double x) { return x < mean ? 0.0 : 1.0; };
  }
  double variance(double) const override { return 1; }
  double skewness(double) const override { return 0; }
  std::unique_ptr<const OutcomeModel> plan(const std::vector<SharedBatch>&, Channels) const override {
    return nullptr;
  }

 private:
  std::vector<Distribution> levels_;
  Range means_;
};

/// Even shares, and nothing else.
class EvenPolicy final : public Policy {
 public:
  void describe(Fields&) override {}
  std::vector<double> planned_shares(int arms) const override {
    return std::vector<double>(static_cast<std::size_t>(arms), 1.0 / arms);
  }
  std::unique_ptr<const PolicyPlan> plan(const Timeline&, const PolicySetting&) const override {
    return nullptr;
  }
};

/// A proportion with a symmetric interval; `at` as in Value.
inline Value share(double p, i64 n, std::string at = "") {
  const double mcse = std::sqrt(p * (1 - p) / static_cast<double>(n));
  return {std::move(at), p, mcse, p - 1.96 * mcse, p + 1.96 * mcse, n, Value::Kind::proportion, ""};
}

inline Value mean(double x, double half_width, i64 n = 100'000) {
  return {"", x, half_width / 1.96, x - half_width, x + half_width, n, Value::Kind::mean, ""};
}

inline Value none(std::string reason) {
  Value value;
  value.absent = std::move(reason);
  return value;
}

inline Distribution point(double x) {
  return Distribution::point(x);
}

inline Strategy strategy(const std::string& name, Schedule looks, Guarantee guarantee = Guarantee::none) {
  Strategy strategy;
  strategy.name = name;
  strategy.policy = std::make_shared<EvenPolicy>();
  strategy.policy_text = R"({"type":"fixed_split"})";
  strategy.looks = std::move(looks);
  strategy.guarantee = guarantee;
  return strategy;
}

inline Schedule every_day() {
  Schedule schedule;
  schedule.kind = Schedule::Kind::every_days;
  schedule.every = 1;
  return schedule;
}

/// 5 % -> 5.75 %, 14 days with 2,000 users, then 76 of rollout.
inline GridPoint conversion_point() {
  GridPoint point;
  point.world.users_per_day = 2000;
  point.world.days = 14;
  point.world.rollout_days = 76;
  point.world.outcome = std::make_shared<StillOutcome>(0.05, kProbability);
  point.world.effect = Lift{Lift::Scale::relative, {made::point(0.15)}, {}};
  point.strategies = {strategy("fixed horizon", {}), strategy("daily peeking", every_day())};
  return point;
}

/// Everything a report refers to.
struct Run {
  Scenario scenario;
  Result result;
  Progress progress;
  std::vector<CellFacts> cells;

  Report report() const { return {scenario, result, cells, result.replications, std::nullopt}; }
};

inline MeasuredCell null_cell(int grid = 0) {
  MeasuredCell cell{grid, MeasureSetting::Cell::null, {}, {}};
  cell.strategies = {{{"rejection_rate", {share(0.049, 100'000)}},
                      {"ship_rate", {share(0.0245, 100'000)}},
                      {"mean_days", {mean(14, 0)}},
                      {"exaggeration", {none("the effect is 0")}}},
                     {{"rejection_rate", {share(0.219, 100'000)}},
                      {"ship_rate", {share(0.1095, 100'000)}},
                      {"mean_days", {mean(12.41, 0.02)}},
                      {"exaggeration", {none("the effect is 0")}}}};
  return cell;
}

inline MeasuredCell effect_cell(int grid = 0) {
  MeasuredCell cell{grid, MeasureSetting::Cell::effect, {}, {}};
  cell.strategies = {{{"rejection_rate", {share(0.795, 100'000)}},
                      {"ship_rate", {share(0.795, 100'000)}},
                      {"mean_days", {mean(14, 0)}},
                      {"exaggeration", {mean(1.1284, 0.0017, 79'500)}},
                      {"regret", {mean(339.2, 3.1)}}},
                     {{"rejection_rate", {share(0.871, 100'000)}},
                      {"ship_rate", {share(0.87, 100'000)}},
                      {"mean_days", {mean(6.72, 0.027)}},
                      {"exaggeration", {mean(1.6402, 0.0041, 87'100)}},
                      {"regret", {mean(1203.4, 3.4)}}}};
  cell.pairs = {{0, 1, "rejection_rate", mean(-0.076, 0.002), 0.425}};
  return cell;
}

inline CellFacts facts(int experiment, Rejection rejection, int strategies = 2) {
  return {experiment, std::vector<StrategyFacts>(static_cast<std::size_t>(strategies), {rejection, 0.05})};
}

/// Two strategies, null twin and effect.
inline Run daily_peeking() {
  Run run;
  run.scenario.name = "daily-peeking";
  run.scenario.hash = "00112233445566778899aabbccddeeff";
  run.scenario.written = R"({"windtunnel":1,"seed":1})";
  run.scenario.resolved = R"({"windtunnel":1,"world":{"outcome":{"type":"bernoulli","rate":0.05}}})";
  run.scenario.grid = {conversion_point()};
  run.result.replications = 100'000;
  run.result.cells = {null_cell(), effect_cell()};
  run.cells = {facts(0, Rejection::false_positive), facts(1, Rejection::power)};
  run.progress.done = RangeSet({0, 100'000});
  run.progress.tallies = {{{100'000, 4900, i128{1} << 60}}, {{100'000, -3}}};
  return run;
}

}  // namespace windtunnel::made

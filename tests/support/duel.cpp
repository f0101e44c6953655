#include "support/duel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "support/catch.hpp"
#include "support/rehearsal.hpp"

namespace windtunnel {

namespace {

/// Largest distance of two estimates of one number: 4 combined standard errors, in one of 16,000 comparisons
/// surpassed by chance. Proportions take their error from both counts together, which holds where one of them
/// is 0, and leave room for two replications of the slow simulator, for counts are not quite normal.
double allowed_distance(const Value& fast, const SlowSample& slow) {
  const auto n = static_cast<double>(fast.replications), m = static_cast<double>(slow.count);
  if (fast.kind == Value::Kind::proportion) {
    const double p = (fast.value * n + slow.sum) / (n + m);
    return 4 * std::sqrt(std::max(0.0, p * (1 - p) * (1 / n + 1 / m))) + 2 / m;
  }
  return 4 * std::hypot(fast.mcse, slow.error()) + 1e-9 * (1 + std::fabs(fast.value));
}

/// The engine's quantile u of level q: the slow simulator's share ended by u is q at least, that ended before
/// u is q at most, each but for 4 errors of a difference of two shares.
void check_quantile(const Value& fast, const std::map<i64, i64>& endings) {
  const double q = std::stod(fast.at);
  double before = 0, by = 0, all = 0;
  for (const auto& [users, count] : endings) {
    all += static_cast<double>(count);
    if (static_cast<double>(users) < fast.value) before += static_cast<double>(count);
    if (static_cast<double>(users) <= fast.value) by += static_cast<double>(count);
  }
  const double tol = 4 * std::sqrt(q * (1 - q) * (1 / all + 1 / static_cast<double>(fast.replications)));
  CHECK(by / all >= q - tol);
  CHECK(before / all <= q + tol);
}

/// Compares one value, as far as there are enough numbers for a normal approximation.
///   returns  whether it was compared
///   times  as many replications has the engine
bool check_value(const std::string& measure, const Value& fast, const SlowMeasures& slow, double times) {
  constexpr i64 kFewest = 200;
  if (!fast.absent.empty()) return false;
  const auto found = slow.find({measure, fast.at});
  if (found == slow.end() || found->second.count < kFewest) {
    CHECK(static_cast<double>(fast.replications) < 2 * kFewest * times);
    return false;
  }
  SlowSample sample = found->second;
  if (measure == "estimate_rmse") {  // the sample holds squares; delta method
    const double rmse = std::sqrt(sample.mean());
    CHECK(std::fabs(fast.value - rmse) <= 4 * std::hypot(fast.mcse, sample.error() / (2 * rmse)));
    return true;
  }
  CAPTURE(fast.value, sample.mean(), fast.mcse, sample.error(), sample.count, fast.replications);
  CHECK(std::fabs(fast.value - sample.mean()) <= allowed_distance(fast, sample));
  return true;
}

/// Paired differences: their mean, and for durations also their spread. A standard deviation of n numbers has
/// the relative error sqrt((kurtosis - 1) / 4n), below 1 / sqrt(m) when m of them differ from 0 and those
/// have a kurtosis below 4 around it; where fewer than 400 do, the error itself is not known.
void check_pairs(const MeasuredCell& cell, const SlowResult& slow) {
  for (const PairedDifference& pair : cell.pairs) {
    if (!pair.value.absent.empty()) continue;
    INFO(pair.measure << " of " << pair.strategy << " against " << pair.versus);
    const auto found = slow.pairs.find({pair.strategy, pair.versus, pair.measure});
    REQUIRE(found != slow.pairs.end());
    const SlowSample& sample = found->second;
    const double room =
        4 * std::hypot(pair.value.mcse, sample.error()) + 4 / static_cast<double>(sample.count);
    CHECK(std::fabs(pair.value.value - sample.mean()) <= room * (1 + std::fabs(sample.mean())));
    if (pair.measure != "mean_users" || (sample.others > 0 && sample.others < 400)) continue;
    const double spread = pair.value.mcse * std::sqrt(static_cast<double>(pair.value.replications));
    const double tolerance = sample.others > 0 ? 4 / std::sqrt(static_cast<double>(sample.others)) : 0;
    CHECK(spread == Approx(std::sqrt(sample.variance())).epsilon(tolerance).margin(1e-9));
  }
}

}  // namespace

SlowMeans always(std::vector<double> means) {
  return [means](std::mt19937_64&) { return means; };
}

void fight(const Duel& duel, unsigned seed) {
  std::string strategies;
  std::vector<SlowStrategy> slow_strategies;
  for (const Duel::Team& team : duel.teams) {
    strategies +=
        fmt::format(R"({}"{}": {{{}}})", strategies.empty() ? "" : ", ", slow_strategies.size(), team.text);
    slow_strategies.push_back(team.slow);
  }
  const Rehearsal fast = rehearse(
      fmt::format(R"({{"windtunnel": 1, "replications": {}, "world": {{{}}}, "strategies": {{{}}}}})",
                  comparable(duel.fast_replications), duel.world, strategies));
  REQUIRE(fast.result.cells.size() == duel.cells.size());
  if (kSanitized) return;  // the engine has been run, which is what they look at
  const double times =
      static_cast<double>(duel.fast_replications) / static_cast<double>(duel.slow_replications);
  for (const MeasuredCell& cell : fast.result.cells) {
    INFO("cell " << cell_name(cell.kind));
    SlowWorld world = duel.slow;
    world.means = duel.cells.at(cell_name(cell.kind));
    const SlowResult slow = slow_simulation(world, slow_strategies, duel.slow_replications, seed++);
    for (std::size_t s = 0; s < slow.strategies.size(); ++s) {
      INFO("strategy " << s << ": " << duel.teams[s].text);
      int compared = 0;
      for (const MeasureValues& measured : cell.strategies[s])
        for (const Value& value : measured.values) {
          INFO(measured.measure << " at " << value.at);
          if (measured.measure == "regret_quantile") continue;  // its histogram has a test of its own
          if (measured.measure == "users_quantile")
            check_quantile(value, slow.endings[s]);
          else
            compared += check_value(measured.measure, value, slow.strategies[s], times) ? 1 : 0;
        }
      CHECK(compared > 20);
    }
    check_pairs(cell, slow);
  }
}

}  // namespace windtunnel

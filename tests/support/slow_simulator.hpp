#pragma once

#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "windtunnel/core/types.hpp"

/// The slow, obvious way: one user after the other, plain formulas, generators with a state. It shares no
/// code with windtunnel, so that an error would have to be made twice to go unseen.
namespace windtunnel {

/// What is true, and how users come and are assigned.
struct SlowWorld {
  enum class Assignment { balanced, coin };

  /// True means of all arms in one replication.
  std::function<std::vector<double>(std::mt19937_64&)> means{};
  std::optional<double> sd{};  ///< of one user's outcome; empty: outcomes of 0 and 1
  double users_per_day = 0;
  int days = 1, rollout_days = 0;
  std::vector<double> shares{0.5, 0.5};  ///< [arm], sum 1
  Assignment assignment = Assignment::balanced;
  double direction = 1;  ///< -1: less is better
};

struct SlowStrategy {
  enum class Rule { fixed_horizon, naive_peeking, group_sequential, sprt, msprt, ship_leader };
  enum class Test { z_known, z_pooled, z_unpooled, student_t, welch_t };
  enum class Sides { one, two };
  enum class Correction { none, bonferroni, holm, benjamini_hochberg };

  Rule rule = Rule::fixed_horizon;
  Test test = Test::z_pooled;
  std::vector<i64> looks{};  ///< users at each look, the last is the end
  double alpha = 0.05;
  Sides sides = Sides::two;
  Correction correction = Correction::none;
  std::vector<double> margin{};    ///< [treatment - 1], empty: none
  double known_sd = 1;             ///< z_known
  std::vector<double> critical{};  ///< [look] group_sequential
  double delta = 0, power = 0.8;   ///< sprt
  /// sprt: variance of a pair's difference, empty = plug-in. msprt likewise.
  std::optional<double> pair_variance{};
  double mixing_sd = 0;  ///< msprt
};

/// Numbers seen so far: their count, sum and sum of squares.
struct SlowSample {
  i64 count = 0;
  i64 others = 0;  ///< that are not 0
  double sum = 0, squares = 0;

  void add(double x);
  double mean() const { return sum / static_cast<double>(count); }
  double variance() const;
  double error() const;
};

/// What the slow simulator measured of one strategy, by (measure, at).
using SlowMeasures = std::map<std::pair<std::string, std::string>, SlowSample>;

struct SlowResult {
  std::vector<SlowMeasures> strategies;
  std::vector<std::map<i64, i64>> endings;  ///< [strategy] replications by users exposed
  /// (strategy, versus, measure) -> differences, for unconditional means and proportions
  std::map<std::tuple<int, int, std::string>, SlowSample> pairs;
};

/// Replays experiments of strategies that watch the same users.
SlowResult slow_simulation(const SlowWorld& world, const std::vector<SlowStrategy>& strategies,
                           i64 replications, unsigned seed);

/// Users after each day of a schedule of every n days, the last day included.
std::vector<i64> slow_daily_looks(double users_per_day, int days, int every = 1);

/// Every n-th user from `from` on, and the last one.
std::vector<i64> slow_user_looks(i64 end, i64 every, i64 from);

}  // namespace windtunnel

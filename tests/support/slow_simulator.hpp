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

/// Users of one kind: of a segment, served another arm, with a memory of the last experiment ...
struct SlowKind {
  std::vector<double> share{};  ///< [arm] of the users assigned to it; empty: all
  int segment = 0;
  bool leaks = false;  ///< gets the other of two arms' version
};

/// What is true, and how users come and are assigned.
struct SlowWorld {
  enum class Assignment { balanced, coin };

  /// True means of all arms in one replication, without what days and kinds of users change.
  std::function<std::vector<double>(std::mt19937_64&)> means{};
  std::optional<double> sd{};  ///< of one user's outcome; empty: outcomes of 0 and 1
  double users_per_day = 0;
  int days = 1, rollout_days = 0;
  std::vector<double> shares{0.5, 0.5};  ///< [arm], sum 1
  Assignment assignment = Assignment::balanced;
  double direction = 1;  ///< -1: less is better

  std::vector<double> traffic{};            ///< [day mod its length] multipliers of users_per_day; empty: 1
  std::vector<SlowKind> kinds{SlowKind{}};  ///< of users; at least one
  /// Mean of a user of a kind assigned to an arm on a day, from the means of the replication.
  std::function<double(const std::vector<double>& means, int arm, int day, std::size_t kind)> mean{};
  /// Lasting effect of an arm in a segment, or (-1) in the whole population.
  std::function<double(const std::vector<double>& means, int segment, int arm)> lasting{};
  std::vector<double> true_shares{};  ///< [arm] by which users are really assigned; empty: as planned
  std::vector<double> lost{};         ///< [arm] share of users who are never seen; empty: none
  /// Days after which an outcome becomes known.
  std::function<int(std::mt19937_64&)> lag{};
  double return_probability = 0;      ///< of a user, on every later day of `days` on which anybody comes
  double correlation = 0, shift = 0;  ///< of a covariate with the outcome; by which treatments move it
  /// Further metrics: their number, the correlation of any two and with the outcome, and their effects as
  /// multiples of what an arm's mean is ahead of control's.
  int metrics = 0;
  double metric_correlation = 0;
  std::vector<double> metric_effects{};  ///< [metric]
  int requests = 0;  ///< of a user on every visit, or 1 + Poisson(requests - 1); 0: a visit is one
  bool requests_vary = false;
  double icc = 0;  ///< of two requests of one user

  double share(std::size_t kind, int arm) const {
    return kinds[kind].share.empty() ? 1 : kinds[kind].share[static_cast<std::size_t>(arm)];
  }
  bool is_binary() const { return !sd && return_probability == 0; }
};

struct SlowStrategy {
  enum class Rule { fixed_horizon, naive_peeking, group_sequential, sprt, msprt, ship_leader };
  enum class Test { z_known, z_pooled, z_unpooled, student_t, welch_t };
  enum class Sides { one, two };
  enum class Correction { none, bonferroni, holm, benjamini_hochberg };
  enum class Decide { primary, any, all };  // of the metrics
  enum class Unit { visit, request, user };

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
  double mixing_sd = 0;     ///< msprt
  int segment = -1;         ///< whose users are analysed; -1: everybody
  int follow_up_days = -1;  ///< that users must have had since exposure; -1: everybody, not reported being 0
  bool cuped = false;       ///< whether outcomes are adjusted by the covariate
  Decide decide = Decide::primary;
  Unit unit = Unit::visit;  ///< what counts as an observation; user: with all its requests
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

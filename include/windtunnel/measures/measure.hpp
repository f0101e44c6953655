#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "windtunnel/core/exact_sum.hpp"
#include "windtunnel/data/estimand.hpp"
#include "windtunnel/data/table.hpp"
#include "windtunnel/data/truth.hpp"
#include "windtunnel/data/verdict.hpp"
#include "windtunnel/measures/pair_columns.hpp"

namespace windtunnel {

/// What a cell is, for a measure: which strategy's endings it records and which numbers they can take.
struct MeasureSetting {
  enum class Cell { null, effect, drawn };

  std::string whose;  ///< the strategy and the cell, as messages name them
  Cell cell = Cell::null;
  int arms = 2;
  double direction = 1;          ///< +1 higher is better, -1 lower is better
  double alpha = 0.05;           ///< of the strategy's test and intervals
  bool tests = true;             ///< the rule tests (ship_leader does not: rejection measures are absent)
  bool guarded = false;          ///< something may break the experiment off
  bool all_means_equal = false;  ///< every user has the same mean in every arm at every moment
  bool effects_surround_zero = false;  ///< lasting effects are drawn arbitrarily close to 0
  int segment = -1;            ///< whose lasting effect the strategy estimates; -1: the whole population's
  std::vector<double> margin;  ///< [treatment - 1] natural scale: worth shipping is direction * (effect -
                               ///< margin) > 0; 0 where the test's is not one of means
  std::vector<double> null_margin;   ///< [treatment - 1] of the test, in units of the estimand
  std::vector<i64> looks;            ///< users at each look of the strategy
  std::vector<int> look_days;        ///< calendar days begun at each look
  std::vector<i64> curve_points;     ///< users at which the regret curve is read; the last is the horizon
  i64 horizon_users = 0;             ///< users of days + rollout_days
  std::vector<double> epoch_visits;  ///< [epoch] expected visits of theirs while the means stay what they are
  bool shares_vary = false;          ///< the policy learns: an arm's share of the users is its own choice
  double magnitude = 1;  ///< bound of means, true and observed; effects and estimates are differences
  double reach = 1;      ///< times how much farther from 0 estimates may lie than differences of means
  Estimand estimand;     ///< of the strategy's estimates
  std::optional<std::vector<double>> true_values;  ///< [arm] of it, where it is not the lasting effect

  /// Bound of estimates and what they estimate.
  double largest_estimate() const {
    return estimand.is_of_outcomes() ? 2 * magnitude * reach : Estimand::kLargestShare;
  }

  /// Why nothing is known of what is estimated; nullptr where it is.
  const char* why_no_estimand() const {
    return estimand.kind == Estimand::Kind::means || true_values
               ? nullptr
               : "what the test estimates is not known where means are drawn, users return or other values "
                 "than outcomes are compared";
  }
};

/// Name of a kind of cell in every output: "null", "effect", "drawn".
const char* cell_name(MeasureSetting::Cell kind);

/// A number with its Monte Carlo error; or why there is none.
struct Value {
  /// `proportion`: a share of replications, with its binomial error.
  enum class Kind { mean, proportion };

  std::string at;  ///< look, users, quantile or arm; empty otherwise
  double value = 0, mcse = 0, conf_low = 0, conf_high = 0;
  i64 replications = 0;  ///< those it rests on
  Kind kind = Kind::mean;
  std::string absent;  ///< why it is empty; then the numbers mean nothing
};

/// The endings of a block under one strategy, together with what the truth says of them.
struct Judged {
  const Endings& endings;
  const Truth& truth;
  const MeasureSetting& setting;
  const double*
      effect;  ///< [lane] lasting effect of the arm the estimate speaks of (Endings::arm), natural scale
  const double* estimand;  ///< [lane] what is estimated of that arm: the effect, or its true value; anything
                           ///< where MeasureSetting::why_no_estimand says so
  const i32* estimated;    ///< [lane] 1: there is an estimate with its interval, 0: there was no evidence

  int lanes() const { return endings.lanes; }
};

/// Space a measure may use while recording a block; what it holds means nothing afterwards.
struct Scratch {
  static constexpr int kColumns = 2;

  Table<double> values;    ///< [0 ... kColumns - 1][lane], and one more that belongs to the caller
  Table<i32> masks;        ///< [0 ... kColumns - 1][lane] of 0 and 1
  Table<double> effect;    ///< [strategy][lane] see Judged; filled by `judge`
  Table<double> estimand;  ///< [strategy][lane] see Judged; filled by `judge` where it is not the effect
  Table<i32> estimated;    ///< [strategy][lane] see Judged; filled by `judge`
  PairColumns paired;      ///< one column of every strategy, for paired differences

  /// Makes room for a block; nothing is initialised.
  void begin(int strategy_count, int lanes);
};

/// Looks up what the truth says of one strategy's endings; the result points into `scratch`.
Judged judge(const Endings& endings, const Truth& truth, const MeasureSetting& setting, int strategy,
             Scratch& scratch);

/// One measure: how to record it and how to read it back. Leaves live in measures/.
///
/// Only integers are kept, so that tallies of any ranges of replications add to the same bytes.
class Measure {
 public:
  virtual ~Measure() = default;

  /// Number of integers its tally takes for one strategy.
  virtual int slots(const MeasureSetting& setting) const = 0;

  /// Adds a block. `tally` has slots(setting) integers.
  ///   throws  OverflowError when a number leaves the range its setting promises
  virtual void record(const Judged& judged, Scratch& scratch, std::span<i128> tally) const = 0;

  /// Values with their errors after `replications` replications: one, or one per look, arm, quantile or
  /// curve point. A measure without meaning is one value that says why.
  virtual std::vector<Value> read(std::span<const i128> tally, i64 replications,
                                  const MeasureSetting& setting) const = 0;

  /// For unconditional means and proportions: the grid of their column, so that strategies can be compared
  /// pair by pair. Empty for all others.
  virtual std::optional<Grid> column_grid(const MeasureSetting& setting) const = 0;

  /// Fills `values` [lane] with what every replication contributes to the mean; only if there is a
  /// column_grid.
  virtual void column(const Judged& judged, Scratch& scratch, double* values) const = 0;
};

}  // namespace windtunnel

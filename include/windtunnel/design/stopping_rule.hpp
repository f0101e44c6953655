#pragma once

#include <memory>
#include <string>

#include "windtunnel/core/fields.hpp"
#include "windtunnel/data/ended.hpp"
#include "windtunnel/data/evidence.hpp"
#include "windtunnel/data/sight.hpp"
#include "windtunnel/data/verdict.hpp"
#include "windtunnel/design/alternative.hpp"
#include "windtunnel/design/analysis.hpp"
#include "windtunnel/design/correction.hpp"
#include "windtunnel/design/setting.hpp"

namespace windtunnel {

/// A rule at work on one block of replications; private state, used by one thread.
class Judge {
 public:
  virtual ~Judge() = default;

  /// Fills the calls of every hypothesis and lane at look `k` (an index into Setting::looks).
  /// Lanes that have ended go on being judged; the first verdict counts.
  ///   sight  the data of every panel
  virtual void look(int k, const Evidence& evidence, const Sight& sight, Calls& calls) = 0;

  /// Estimates and intervals of the lanes whose experiments have just ended at look `k`, for the hypothesis
  /// `hypothesis[lane]`, into `estimates` [value, low, high][lane] on the natural scale.
  virtual void report(int k, const Evidence& evidence, const Sight& sight, const EndedLanes& ended,
                      const i32* hypothesis, Table<double>& estimates) const = 0;
};

/// A rule solved for one schedule: critical values, tables; immutable, shared by all blocks.
class RulePlan {
 public:
  virtual ~RulePlan() = default;

  virtual std::unique_ptr<Judge> open(int lanes) const = 0;

  /// Whether the rule looks at the data at look `k`; looks it sleeps through cost nothing.
  virtual bool looks_at(int k) const = 0;

  /// How long a look at one arm takes, in values drawn, about, beside going over what is seen.
  virtual double work() const { return 0; }
};

/// Decides at each look from evidence. Leaves live in design/rules.
class StoppingRule {
 public:
  virtual ~StoppingRule() = default;

  /// Parameters, with alpha and alternative where the rule has them.
  virtual void describe(Fields& fields) = 0;

  /// Columns the rule itself reads, beside those of its analysis.
  virtual Channels needs(Channels /*offered*/) const { return {}; }

  /// The analysis of the rule's own formula, with its parameters, for strategies that name no `test`;
  /// nullptr: the usual test.
  virtual std::shared_ptr<const Analysis> own_analysis() const { return nullptr; }

  /// Lets a test that the strategy names take the place of its own analysis.
  ///   returns  why it cannot, as the end of a sentence about it; empty: it has
  virtual std::string give_way_to_test() { return {}; }

  /// Whether it weighs the size of variances, so that of evidence their ratio to the excess is not enough.
  virtual bool weighs_variance() const { return false; }

  /// Whether its bounds rest on how much is known at each look, in shares of what is known at the end.
  virtual bool plans_information() const { return false; }

  /// Level of its test and of its intervals (.05 when the rule has no alpha).
  virtual double alpha() const = 0;

  /// Which effects it can find significant.
  virtual Alternative alternative() const { return Alternative::two_sided; }

  /// Whether it tests anything: without a test there is nothing to reject and no criterion that stops.
  virtual bool tests() const { return true; }

  /// Whether `correction` other than none and bonferroni makes sense (dunnett, holm ...: per-look tests).
  virtual bool takes_stepwise_corrections() const { return false; }

  /// Solves the rule for a schedule. `law` says which critical values its analysis needs.
  virtual std::unique_ptr<const RulePlan> plan(const Setting& setting, Correction correction,
                                               Evidence::Law law) const = 0;
};

}  // namespace windtunnel

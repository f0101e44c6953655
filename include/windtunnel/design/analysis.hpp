#pragma once

#include <memory>

#include "windtunnel/core/fields.hpp"
#include "windtunnel/data/estimand.hpp"
#include "windtunnel/data/evidence.hpp"
#include "windtunnel/data/observed.hpp"
#include "windtunnel/data/timeline.hpp"
#include "windtunnel/design/setting.hpp"

namespace windtunnel {

/// Turns what is observed into evidence; immutable, shared by all blocks, unless it follows one.
class Evaluator {
 public:
  virtual ~Evaluator() = default;

  /// An evaluator of one block, for analyses that have to see how its totals came about; nullptr: totals
  /// alone tell the evidence, and this evaluator serves all blocks.
  virtual std::unique_ptr<Evaluator> of_block(int /*lanes*/) const { return nullptr; }

  /// Whether `follow` reads what is seen after every step; else it may be anything.
  virtual bool follows_totals() const { return true; }

  /// Sees the users of a step come in, every step of the block in order.
  ///   chances  [arm][lane] with which they got the arms; where the analysis needs them
  ///   seen     totals after the step
  virtual void follow(const Step& /*step*/, const Table<double>& /*chances*/, const Observed& /*seen*/) {}

  /// How often it goes over all that is seen, values or totals, to weigh it once.
  virtual double passes() const { return 1; }

  /// Weighs the totals of all lanes: fills excess, variance (and freedom) of every hypothesis.
  /// Without evidence (an arm with too few users, or no spread) the variance is 0; the excess is 0 only where
  /// an arm is empty.
  virtual void weigh(const Observed& observed, Evidence& evidence) const = 0;
};

/// A test: how an effect is estimated and how sure one is. Leaves live in design/analyses.
class Analysis {
 public:
  virtual ~Analysis() = default;

  virtual void describe(Fields& fields) = 0;

  /// Columns it reads, given those that are offered; asking for one that is not offered refuses the scenario.
  virtual Channels needs(Channels offered) const = 0;

  virtual Evidence::Law law() const = 0;

  /// What it estimates; lasting effects are differences of means.
  virtual Estimand estimand() const { return {}; }

  /// Whether it gives intervals of its own, at the level of Setting::alpha.
  virtual Evidence::Intervals intervals() const { return Evidence::Intervals::by_variance; }

  /// Whether the variance is estimated from the data, so that early looks know it badly.
  virtual bool estimates_variance() const { return true; }

  /// Whether it follows with which chances users get the arms; every arm has to have one.
  virtual bool needs_chances() const { return false; }

  /// Users that a round of the policy must have for it to be evidence.
  virtual i64 least_round() const { return 1; }

  virtual std::unique_ptr<const Evaluator> open(const Setting& setting) const = 0;
};

}  // namespace windtunnel

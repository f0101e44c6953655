#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "windtunnel/core/fields.hpp"
#include "windtunnel/data/moment.hpp"
#include "windtunnel/data/observed.hpp"

namespace windtunnel {

/// Breaks experiments off whose data cannot be right; immutable, shared by all blocks.
class Guard {
 public:
  virtual ~Guard() = default;

  /// Marks lanes whose experiment must be broken off, whatever its rule says.
  ///   expected  [arm][lane] users that the policy means the arms to have
  ///   alarms    [lane] set to 1, else left alone
  virtual void raise_alarms(const Observed& observed, const Table<double>& expected, i32* alarms) const = 0;
};

/// Forbids to ship treatments that harm what is no hypothesis of the decision; immutable, shared by all
/// blocks.
class Veto {
 public:
  virtual ~Veto() = default;

  /// Marks treatments that must not ship, whatever the rule calls.
  ///   vetoed  [treatment - 1][lane] set to 1, else left alone
  virtual void forbid(const Observed& observed, Table<i32>& vetoed) const = 0;
};

/// How a strategy looks at what is observed: at everybody as they come, or at a segment, another metric,
/// users who have had their time, values adjusted by a covariate. Features of the world bring lenses;
/// strategies choose by the keys that a lens describes; lenses are looked through one after the other.
class Lens {
 public:
  virtual ~Lens() = default;

  /// The strategy's keys.
  virtual void describe(Fields& fields) = 0;

  /// Whether the keys chosen leave what is observed as it is, and neither guard nor veto anything.
  virtual bool is_plain() const = 0;

  /// Columns it looks at, given those that are offered.
  virtual Channels needs(Channels offered) const = 0;

  /// Columns that are seen through it, given those that are offered.
  virtual Channels shows(Channels offered) const { return offered; }

  /// What makes of a variance per user's outcome that of a user's part in the estimate that is seen.
  virtual double variance_factor() const { return 1; }

  /// Times how much farther from 0 estimates may lie through it.
  virtual double reach() const { return 1; }

  /// Why what is promised of tests does not hold of what is seen, or nothing.
  ///   read  columns that the test reads
  virtual std::string doubt(Channels /*read*/) const { return ""; }

  /// Whether it cuts the tail of the outcomes, so that their own skewness says nothing of what is seen.
  virtual bool cuts_tails() const { return false; }

  /// Whether what is seen of a user, or of a request, is its outcome, or that cut off, so that the law of
  /// outcomes tells what a test of values estimates.
  virtual bool keeps_outcomes() const { return true; }

  /// Ways of looking side by side, each with hypotheses of its own.
  virtual int panels() const { return 1; }

  /// Whether a treatment's call is made only when all its panels make it.
  virtual bool all_panels() const { return false; }

  /// Segment whose lasting effect is estimated through it; -1: that of the whole population.
  virtual int segment() const { return -1; }

  /// Whether its panels are the segments of the population, one each.
  virtual bool is_of_segments() const { return false; }

  /// Days since exposure that users must have had to be seen through it.
  virtual int follow_up_days() const { return 0; }

  /// What guards the experiment, or nullptr.
  virtual std::unique_ptr<const Guard> guard(int /*arms*/) const { return nullptr; }

  /// What vetoes the shipping of treatments, or nullptr.
  ///   direction  +1 higher is better, -1 lower is better
  virtual std::unique_ptr<const Veto> veto(double /*direction*/) const { return nullptr; }

  /// What is seen in a panel: part of `observed`, or put together in `scratch`.
  virtual const Observed& see(const Observed& observed, const Moment& moment, int panel,
                              Observed& scratch) const = 0;
};

/// Columns that are seen through lenses one after the other, given those that are offered.
inline Channels seen_through(std::span<const std::shared_ptr<const Lens>> lenses, Channels offered) {
  for (const auto& lens : lenses) offered = lens->shows(offered);
  return offered;
}

}  // namespace windtunnel

#pragma once

#include "windtunnel/core/fields.hpp"
#include "windtunnel/data/observed.hpp"

namespace windtunnel {

/// How a strategy looks at what is observed: at everybody as they come, or at a segment, another metric,
/// users who have had their time, values adjusted by a covariate. Features of the world bring lenses;
/// strategies choose by the keys that a lens describes; lenses are looked through one after the other.
class Lens {
 public:
  virtual ~Lens() = default;

  /// The strategy's keys.
  virtual void describe(Fields& fields) = 0;

  /// Whether the keys chosen leave what is observed as it is.
  virtual bool is_plain() const = 0;

  /// Columns it looks at, given those that are offered.
  virtual Channels needs(Channels offered) const = 0;

  /// Ways of looking side by side, each with hypotheses of its own.
  virtual int panels() const { return 1; }

  /// Whether a treatment's call is made only when all its panels make it.
  virtual bool all_panels() const { return false; }

  /// Segment whose lasting effect is estimated through it; -1: that of the whole population.
  virtual int segment() const { return -1; }

  /// Whether it guards the experiment.
  virtual bool guards() const { return false; }

  /// Marks lanes whose experiment must be broken off, whatever its rule says.
  ///   planned  share of the users every arm should have
  ///   alarms   [lane] set to 1, else left alone
  virtual void raise_alarms(const Observed& /*observed*/, const std::vector<double>& /*planned*/,
                            i32* /*alarms*/) const {}

  /// What is seen in a panel: part of `observed`, or put together in `scratch`.
  virtual const Observed& see(const Observed& observed, int panel, Observed& scratch) const = 0;
};

}  // namespace windtunnel

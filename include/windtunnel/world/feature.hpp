#pragma once

#include <memory>
#include <vector>

#include "windtunnel/core/fields.hpp"
#include "windtunnel/data/lens.hpp"
#include "windtunnel/world/climate.hpp"
#include "windtunnel/world/outcome.hpp"
#include "windtunnel/world/stream.hpp"

namespace windtunnel {

/// A piece of the mess of real traffic. Leaves live in world/features; most only shape the climate.
class Feature {
 public:
  virtual ~Feature() = default;

  virtual void describe(Fields& fields) = 0;

  /// Edits traffic, means and population of a world that is being compiled.
  ///   throws  InputError, places relative to the feature, when they cannot go together
  virtual void shape(Climate& climate) const;

  /// Wraps the law of outcomes, so that others are drawn together with them.
  ///   sd  Outcome::normal_sd
  virtual std::unique_ptr<const OutcomeModel> together(std::unique_ptr<const OutcomeModel> model,
                                                       const Climate& climate, double sd, Channels wanted,
                                                       u64 seed) const;

  /// Whether `together` does anything, which only normal outcomes allow.
  virtual bool needs_normal() const { return false; }

  /// Wraps the law of outcomes and all that is drawn together with them: what a user does more than once.
  virtual std::unique_ptr<const OutcomeModel> unfold(std::unique_ptr<const OutcomeModel> model,
                                                     const Climate& climate, const Outcome& outcome,
                                                     Channels wanted) const;

  /// Whether users of several means, mixed, have the law of users who all have the mean of those means, where
  /// that holds of their outcomes alone (Outcome::mixes).
  virtual bool keeps_mixtures() const { return true; }

  /// Comes between the allocation and what is observed: wraps the stream of a world of this climate.
  virtual std::unique_ptr<const StreamPlan> around(std::unique_ptr<const StreamPlan> stream,
                                                   const Climate& climate, u64 seed) const;

  /// Whether `around` changes how many users of an arm are seen, or who is assigned to it.
  virtual bool changes_counts() const { return false; }

  /// Shares of the users planned who are seen in the arms, [arm], given those without it.
  virtual std::vector<double> shares_seen(std::vector<double> without, const Climate& /*climate*/) const {
    return without;
  }

  /// Whether treatments have lasting effects through it, beside those on the outcome.
  virtual bool has_effects() const { return false; }

  /// Columns there are with it, given those there are without.
  virtual Channels offers(Channels without) const { return without; }

  /// Range of what is seen of a user, given that of one outcome.
  virtual Range values(Range of_one) const { return of_one; }

  /// The keys strategies get with it, or nullptr.
  virtual std::unique_ptr<Lens> lens() const { return nullptr; }
};

}  // namespace windtunnel

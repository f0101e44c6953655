#pragma once

#include <string>
#include <vector>

#include "support/duel.hpp"

namespace windtunnel {

/// A world of two arms with any of the features, told twice: as a scenario and to the slow simulator, whose
/// means follow the formula as it is specified,
///   m = b rate (1 + lasting effect + novelty + carry).
struct Mess {
  struct Segment {
    double share, rate, effect;
  };

  double novelty = 0, novelty_half_life = 1;           ///< relative
  std::vector<double> traffic{}, rate{}, effect{};     ///< [day mod 7], or empty
  double carry = 0, carry_half_life = 1, overlap = 0;  ///< relative
  double leak = 0;                                     ///< in both directions
  std::vector<Segment> segments{};                     ///< called a, b ...
  double report = 1;                                   ///< daily probability
  int report_days = 0;                                 ///< or this many days
  double correlation = 0, shift = 0;                   ///< of a covariate
  double lost = 0;                                     ///< of control's users
  std::vector<double> true_shares{};                   ///< or assigned by these
  double returning = 0;
  std::vector<double> metrics{};  ///< effects of further metrics, in sd
  double alike = 0;               ///< correlation of any two of them, and with the outcome
  int requests = 0;               ///< of a user; with `vary` 1 + Poisson
  bool vary = false;
  double icc = 0;

  /// The inside of `world.features`.
  std::string features() const;

  /// The same for the slow simulator; `world` has traffic and outcome.
  void spoil(SlowWorld& world) const;
};

/// Several messes at once; each may bring what the others do not.
Mess together(const std::vector<Mess>& messes);

/// Thirty users a day for three days and two of rollout, a base of .3 conversions (or a normal mean of 1 with
/// sd 1) and a lasting lift of one half: watched daily by teams that use what the mess offers.
Duel messy_duel(const Mess& mess, bool is_normal);

}  // namespace windtunnel

#pragma once

#include <span>
#include <vector>

#include "windtunnel/core/lane_source.hpp"
#include "windtunnel/data/truth.hpp"
#include "windtunnel/world/climate.hpp"

namespace windtunnel {

/// The means of all users as a form in levels and lifts, which are the same in all replications or drawn in
/// each. Immutable.
class Means {
 public:
  ///   climate       simplified
  ///   levels        baseline mean: one law for all arms, or one per arm
  Means(Climate climate, std::vector<Distribution> levels);

  const Climate& climate() const { return climate_; }
  int arms() const { return climate_.arms(); }
  int epochs() const { return static_cast<int>(first_days_.size()); }

  /// First day of each epoch of constant means, increasing; the first is 0.
  const std::vector<int>& first_days() const { return first_days_; }

  /// Whether something is drawn per replication; whether lasting effects are.
  bool are_drawn() const;
  bool lasting_is_drawn() const;

  /// Whether lasting effects are drawn from a law that reaches 0 without a gap, so that 1/|effect| has no
  /// mean.
  bool lasting_surrounds_zero() const;

  /// Draws levels and lifts into `truth` (levels, lifts; `width` columns).
  void draw(LaneSource source, int width, Truth& truth) const;

  /// Mean of the users of one stratum who are assigned to an arm, in one column of what was drawn.
  double of_stratum(const Truth& truth, int epoch, int arm, const Stratum& stratum, int column) const;

  /// Mean of the users of one stratum in an arm on a day of the week, without transients: with the lasting
  /// effect alone, and everybody served the arm.
  double lasting_mean(const Truth& truth, int day_of_week, int arm, const Stratum& stratum, int column) const;

  /// Mean of all users assigned to an arm.
  double of_arm(const Truth& truth, int epoch, int arm, int column) const;

  /// Lasting effect of an arm against control, in a segment or (-1) in the whole population.
  double lasting(const Truth& truth, int segment, int arm, int column) const;

  /// Whether users of an arm can have several means on the same day.
  bool differ_by_stratum() const;

  /// Smallest and largest mean of a stratum's users that can be drawn; infinite where a law is not truncated.
  Distribution::Support support(int epoch, int arm, const Stratum& stratum) const;

  /// The same as it can be drawn by the samplers, whose normal variates end somewhere.
  Distribution::Support reach(int epoch, int arm, const Stratum& stratum) const;

  /// Magnitude that no mean exceeds, as it can be drawn.
  double magnitude() const;

  const Distribution& level_law(int arm) const;
  bool has_levels_by_arm() const { return levels_.size() > 1; }

 private:
  int lift_row(std::size_t term, int arm) const { return static_cast<int>(term) * arms() + arm; }
  int arm_of_lift(std::size_t term, int served) const;
  std::vector<const Distribution*> lift_laws(int arm, const Stratum& stratum) const;

  Climate climate_;
  std::vector<Distribution> levels_;
  std::vector<double> lasting_weight_;  // [1 + segment], first of the whole population
  std::vector<int> first_days_;
};

}  // namespace windtunnel

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "windtunnel/data/calendar.hpp"
#include "windtunnel/data/estimand.hpp"
#include "windtunnel/data/returns.hpp"
#include "windtunnel/world/feature.hpp"
#include "windtunnel/world/means.hpp"
#include "windtunnel/world/outcome.hpp"
#include "windtunnel/world/stream.hpp"

namespace windtunnel {

/// Which outcomes are better.
enum class Better { higher, lower };

/// What is true, as a scenario states it (`world` without the null twin applied).
struct WorldSpec {
  std::vector<std::string> arms{"control", "treatment"};
  double users_per_day = 0;
  i64 days = 1;
  i64 rollout_days = 0;
  std::shared_ptr<const Outcome> outcome;
  Better better = Better::higher;
  std::optional<Lift> effect;
  std::vector<std::pair<std::string, std::shared_ptr<const Feature>>> features;  ///< by name

  /// Columns outcome and features give.
  Channels offers() const;

  /// Range of what is seen of a user.
  Range values() const;
};

/// A compiled world: one cell's truth, with every feature applied. Immutable.
class World {
 public:
  enum class Twin { none, null };

  /// Compiles a world; `Twin::null` sets all lasting effects to 0.
  ///   throws  InputError when a mean leaves the outcome's legal range (naming min / max to write)
  World(const WorldSpec& spec, u64 seed, Twin twin);

  int arms() const { return static_cast<int>(spec_.arms.size()); }
  const Calendar& calendar() const { return calendar_; }
  Channels offers() const { return spec_.offers(); }
  const Climate& climate() const { return means_->climate(); }
  int segments() const { return means_->climate().segments; }
  int metrics() const { return means_->climate().metrics; }

  /// How many segments, metrics and days of exposure there can be.
  Breadth breadth() const { return {segments(), metrics(), calendar_.experiment_days()}; }

  /// Users who come again; a lasting effect is one on the sum over all visits of the experiment.
  const Returns& returns() const { return returns_; }

  /// Visits of a user whose effects a lasting effect adds up: all that are expected, or one where it is the
  /// effect on a request, of which a visit brings more.
  double effect_visits() const { return climate().requests > 1 ? 1 : returns_.per_user(); }

  /// Whether something happens to users after the day of their exposure, so that a stream must be cut where
  /// days begin.
  bool is_day_by_day() const { return climate().lag.is_felt() || climate().return_probability > 0; }

  /// Columns that a stream has to keep so that there are those wanted.
  Channels kept(Channels wanted) const;

  /// Whether users of an arm are not as many as the policy allocates, so that counts differ between lanes.
  bool changes_counts() const;

  /// Shares of the users planned who are seen in the arms, [arm], of a policy that plans with `planned`.
  std::vector<double> shares_seen(std::vector<double> planned) const;

  Better better() const { return spec_.better; }

  /// Whether means are drawn per replication.
  Truth::Kind truth_kind() const { return means_->are_drawn() ? Truth::Kind::drawn : Truth::Kind::shared; }

  /// Whether the lasting effects themselves are drawn (a drawn baseline under a fixed effect is not enough).
  bool effects_are_drawn() const { return means_->lasting_is_drawn(); }

  /// Whether lasting effects are drawn arbitrarily close to 0.
  bool effects_surround_zero() const { return means_->lasting_surrounds_zero(); }

  /// Whether every treatment's lasting effect is exactly 0, in all replications.
  bool all_effects_zero() const;

  /// Whether users of a segment have the same mean in every arm at every moment.
  bool arms_are_alike_in_segments() const;

  /// Share of a segment among the users assigned to an arm; 1 for -1, all of them.
  double share_of_segment(int segment, int arm) const;

  /// Mean of the outcomes of an arm's users in a segment, or (-1) of all, among the first `users` users.
  ///   truth  shared by all replications
  double mean_seen(const Truth& truth, int segment, int arm, i64 users) const;

  /// Whether every user has the same mean in every arm at every moment, in all replications.
  bool all_means_equal() const;

  /// First user of each epoch of constant means, over the whole horizon; the first is 0.
  const std::vector<i64>& epoch_starts() const { return epoch_starts_; }

  /// Fills the truth of `lanes` replications. Where all blocks have the same truth and `truth` already holds
  /// it (it must come from this world, or be new) nothing is done.
  void reveal(u64 first_replication, int lanes, Truth& truth) const;

  /// Largest magnitude an outcome mean or an estimate of an effect can have: bounds the tallies' grids.
  double magnitude() const;

  /// What an analysis of these outcomes estimates: its true value in every arm, [arm], once transients are
  /// gone and over a whole week as for lasting effects, of a segment or (-1) of the whole population.
  ///   estimand  not the difference of means, of which lasting effects speak
  ///   returns   nothing where means are drawn, users return, or means leave the legal range once transients
  ///             are gone
  std::optional<std::vector<double>> true_values(const Estimand& estimand, int segment) const;

  /// Prepares drawing along a timeline. `shared_users[step][arm]` when the policy splits all lanes alike.
  ///   pulls  whether users may come one in every lane, each in an arm of its own
  std::unique_ptr<const StreamPlan> plan(const Timeline& timeline, Channels wanted, Path path,
                                         const std::vector<std::vector<i64>>* shared_users,
                                         bool pulls = false) const;

 private:
  void find_gaps(int epoch, int width, Truth& truth) const;
  std::vector<Outcome::SharedBatch> known_batches(const Timeline& timeline,
                                                  const std::vector<std::vector<i64>>* shared_users,
                                                  bool pulls) const;
  double bytes_of_values(i64 users, Channels wanted) const;

  WorldSpec spec_;
  u64 seed_;
  std::shared_ptr<const Means> means_;
  Calendar calendar_;
  Returns returns_;
  std::vector<i64> epoch_starts_;
};

}  // namespace windtunnel

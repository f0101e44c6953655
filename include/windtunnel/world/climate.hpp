#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "windtunnel/core/lift.hpp"
#include "windtunnel/world/lag.hpp"

namespace windtunnel {

/// A change of the mean, and on which days how much of it holds: a user's mean is
///   base rate (1 + sum of relative lifts) + sum of absolute lifts.
struct LiftTerm {
  /// Whose lift a user has: that of the arm served, or the first treatment's whatever the arm.
  enum class Whom { arm_served, everybody };

  Lift::Scale scale = Lift::Scale::absolute;
  std::vector<Distribution> law;  ///< [arm]; control's is 0
  std::vector<double> weight;     ///< [day]; the lasting effect has Climate::effect instead
  Whom whom = Whom::arm_served;

  /// Whether it changes nothing, whatever is drawn.
  bool is_nothing() const;
};

/// A part of the population whose users have one mean per arm and day.
struct Stratum {
  double share = 1;                  ///< of the population, whatever the arm
  std::vector<double> share_of_arm;  ///< [arm] share of the users assigned to the arm
  int segment = 0;                   ///< that its users belong to
  double rate = 1;                   ///< multiplier of the baseline
  std::vector<double> weight;        ///< [term] multiplier of the term's lift
  std::vector<int> served;           ///< [arm] arm that users assigned to it are served
};

/// What a world comes to before anything is drawn. Features edit it once, when a scenario is compiled; none
/// can tell which others have been there before.
class Climate {
 public:
  static constexpr std::size_t kLasting = 0;  ///< the term of the lasting effect
  static constexpr int kWeek = 7;

  /// Everybody alike, every day the same.
  ///   arms  names
  ///   days  of experiment and rollout
  Climate(const std::vector<std::string>& arms, int days, LiftTerm lasting);

  int arms() const { return static_cast<int>(arm_names_.size()); }
  int days() const { return days_; }

  /// Index of the arm called `name`, which must be one.
  int arm(const std::string& name) const;

  /// The law of a lift by arm.
  std::vector<Distribution> laws(const Lift& lift) const;

  /// Adds a term that holds in every stratum.
  ///   returns  its index
  std::size_t add(LiftTerm term);

  /// Splits every stratum into `parts`; `edit(stratum, part)` turns a copy of the whole into the part.
  void split(int parts, const std::function<void(Stratum&, int)>& edit);

  /// Forgets what makes no difference: terms of nothing, strata without users, strata of a segment that are
  /// alike.
  void simplify();

  /// Multiplier of a term's lift on a day.
  double weight(std::size_t term, int day) const;

  /// What a lasting lift of 1 comes to over one full week, weighted by its traffic, and the users of a
  /// segment or (-1) the whole population; on the relative scale in units of the baseline.
  double lasting_weight(int segment = -1) const;

  using Week = std::array<double, kWeek>;

  Week traffic, rate, effect;     ///< [day mod 7] multipliers of users_per_day, baseline and lasting lift
  std::vector<LiftTerm> terms;    ///< terms[kLasting] is the lasting effect
  std::vector<Stratum> strata;    ///< at least one
  int segments = 0;               ///< that strata belong to; 0: the population is not divided
  int metrics = 0;                ///< further metrics of every user
  Lag lag;                        ///< after which an outcome becomes known
  double return_probability = 0;  ///< of a user, on every later day of the experiment
  double requests = 1;            ///< of a user, on average
  bool is_null_twin = false;      ///< treatments have no lasting effects

 private:
  std::vector<std::string> arm_names_;
  int days_;
};

}  // namespace windtunnel

#pragma once

#include <utility>
#include <vector>

#include "windtunnel/core/shared_divisor.hpp"
#include "windtunnel/design/analysis.hpp"

/// The one loop behind every analysis that compares two means: a leaf adds its formula for the variance.
namespace windtunnel {

/// Whether outcomes are counted (0 or 1) or summed with their squared deviations.
enum class Outcomes { binary, continuous };

/// Totals of one arm in one lane.
struct ArmTotals {
  double users;
  double total;    ///< sum of outcomes
  double squares;  ///< sum of squared deviations from the arm's own mean

  /// Adds one more user.
  void add(double outcome) {
    squares = merged_deviations(users, total, squares, 1, outcome, 0);
    users += 1;
    total += outcome;
  }
};

/// Users of one arm, [lane].
struct LaneUsers {
  const i32* users;

  double at(int lane) const { return users[lane]; }
};

/// Users of one arm, as many in every lane: what follows from them alone is computed once.
struct SharedUsers {
  double users;

  double at(int) const { return users; }
};

/// Columns of one arm of 0-1 outcomes.
template <class Users>
struct BinaryColumns {
  static constexpr Outcomes kOutcomes = Outcomes::binary;
  Users users;
  const i32* successes;

  ArmTotals at(int lane) const {
    const double n = users.at(lane), s = successes[lane];
    return {n, s, s * (n - s) / n};
  }
};

/// Columns of one arm of any other outcomes; without deviations (nobody asked) `deviations` is any column.
template <class Users>
struct ContinuousColumns {
  static constexpr Outcomes kOutcomes = Outcomes::continuous;
  Users users;
  const double* sum;
  const double* deviations;

  ArmTotals at(int lane) const { return {users.at(lane), sum[lane], deviations[lane]}; }
};

template <class Users>
BinaryColumns<Users> binary_columns(Users users, const Observed& observed, int arm) {
  return {users, observed.successes.row(arm)};
}

template <class Users>
ContinuousColumns<Users> continuous_columns(Users users, const Observed& observed, int arm) {
  const Table<double>& deviations = observed.deviations.rows() > 0 ? observed.deviations : observed.sum;
  return {users, observed.sum.row(arm), deviations.row(arm)};
}

/// Whether all lanes have as many users.
inline bool are_shared(const i32* __restrict users, int lanes) {
  i32 differing = 0;
  for (int l = 0; l < lanes; ++l) differing |= users[l] ^ users[0];
  return differing == 0;
}

/// Estimated variance of one user's outcome: pq for 0-1 outcomes, else s^2 with divisor n - 1.
template <Outcomes kOutcomes>
double variance_of_one(const ArmTotals& arm) {
  return arm.squares / (kOutcomes == Outcomes::binary ? arm.users : arm.users - 1);
}

/// 1/n_0 + 1/n_1 with one division.
inline double sum_of_inverses(const ArmTotals& control, const ArmTotals& treatment) {
  return (control.users + treatment.users) / (control.users * treatment.users);
}

/// Divides by the product of both arms' users, lane by lane or, where it is the same everywhere, without a
/// division.
struct LaneProduct {
  LaneUsers control, treatment;

  double divide(double x, int lane) const { return x / (control.at(lane) * treatment.at(lane)); }
};
struct SharedProduct {
  SharedDivisor product;

  double divide(double x, int) const { return product.divide(x); }
};
inline LaneProduct product_of(LaneUsers control, LaneUsers treatment) {
  return {control, treatment};
}
inline SharedProduct product_of(SharedUsers control, SharedUsers treatment) {
  return {SharedDivisor(control.users * treatment.users)};
}

/// Weighs one hypothesis in all lanes; branch-free.
///   Formula  kLaw;  least_users(Outcomes): users an arm needs;
///            variance<Outcomes>(control, treatment): of the difference of means (NaN where undefined);
///            freedom(control, treatment): Law::student only
/// The difference is taken over a common denominator: for counts below 2^26 it is the correctly rounded exact
/// value, so that equal rates are equal whatever the arms' sizes.
template <class Formula, class Columns>
void weigh_lanes(const Formula formula, const Columns control_columns, const Columns treatment_columns,
                 double direction, double margin, double* __restrict excess, double* __restrict variance,
                 double* __restrict freedom, int lanes) {
  constexpr double kLeast = Formula::least_users(Columns::kOutcomes);
  const auto product = product_of(control_columns.users, treatment_columns.users);
  const double above = direction * margin;
  for (int l = 0; l < lanes; ++l) {
    const ArmTotals control = control_columns.at(l), treatment = treatment_columns.at(l);
    const double fewest = control.users < treatment.users ? control.users : treatment.users;
    const double difference = product.divide(
        treatment.total * (direction * control.users) - control.total * (direction * treatment.users), l);
    const double found = formula.template variance<Columns::kOutcomes>(control, treatment);
    const double positive = found > 0 ? found : 0;
    excess[l] = fewest > 0 ? difference - above : 0;
    variance[l] = fewest >= kLeast ? positive : 0;
    if constexpr (Formula::kLaw == Evidence::Law::student) {
      const double degrees = formula.freedom(control, treatment);
      freedom[l] = degrees >= 1 ? degrees : 1;
    }
  }
}

/// Compares every treatment's mean with control's by a formula (see weigh_lanes), the same for all or one
/// each.
template <class Formula>
class TwoSampleEvaluator final : public Evaluator {
 public:
  TwoSampleEvaluator(Formula formula, const Setting& setting)
      : TwoSampleEvaluator(
            std::vector<Formula>(static_cast<std::size_t>(setting.treatments()), std::move(formula)),
            setting) {}

  ///   formulas  [treatment - 1]
  TwoSampleEvaluator(std::vector<Formula> formulas, const Setting& setting)
      : formulas_(std::move(formulas)), binary_(setting.binary()) {}

  void weigh(const Observed& observed, Evidence& evidence) const override {
    for (int h = 0; h < evidence.hypotheses; ++h) {
      const i32 *control = observed.users.row(0), *treatment = observed.users.row(h + 1);
      if (are_shared(control, observed.lanes) && are_shared(treatment, observed.lanes))
        weigh_users(SharedUsers{static_cast<double>(*control)}, SharedUsers{static_cast<double>(*treatment)},
                    observed, h, evidence);
      else
        weigh_users(LaneUsers{control}, LaneUsers{treatment}, observed, h, evidence);
    }
  }

 private:
  template <class Users>
  void weigh_users(Users control, Users treatment, const Observed& observed, int h,
                   Evidence& evidence) const {
    if (binary_)
      weigh_columns(binary_columns(control, observed, 0), binary_columns(treatment, observed, h + 1), h,
                    evidence);
    else
      weigh_columns(continuous_columns(control, observed, 0), continuous_columns(treatment, observed, h + 1),
                    h, evidence);
  }

  template <class Columns>
  void weigh_columns(Columns control, Columns treatment, int h, Evidence& evidence) const {
    double* freedom = nullptr;
    if constexpr (Formula::kLaw == Evidence::Law::student) freedom = evidence.freedom.row(h);
    const auto row = static_cast<std::size_t>(h);
    weigh_lanes(formulas_[row], control, treatment, evidence.direction, evidence.margin[row],
                evidence.excess.row(h), evidence.variance.row(h), freedom, evidence.lanes);
  }

  std::vector<Formula> formulas_;
  bool binary_;
};

/// The formula v_0/n_0 + v_1/n_1: a variance per arm, estimated.
struct UnpooledVariance {
  static constexpr Evidence::Law kLaw = Evidence::Law::normal;
  static constexpr double least_users(Outcomes outcomes) { return outcomes == Outcomes::binary ? 1 : 2; }

  template <Outcomes kOutcomes>
  double variance(const ArmTotals& control, const ArmTotals& treatment) const {
    return variance_of_one<kOutcomes>(control) / control.users +
           variance_of_one<kOutcomes>(treatment) / treatment.users;
  }
};

/// The formula V(1/n_0 + 1/n_1): one variance for both arms, estimated.
struct PooledVariance {
  static constexpr Evidence::Law kLaw = Evidence::Law::normal;
  static constexpr double least_users(Outcomes) { return 1; }

  template <Outcomes kOutcomes>
  double variance(const ArmTotals& control, const ArmTotals& treatment) const {
    const double users = control.users + treatment.users;
    if constexpr (kOutcomes == Outcomes::binary) {
      // pq (1/n_0 + 1/n_1) with p = S/N is S (N - S) / (N n_0 n_1): one division, by users alone, and exactly
      // 0 for S = 0 or N.
      const double successes = control.total + treatment.total;
      return successes * (users - successes) * (1 / (users * (control.users * treatment.users)));
    } else {
      return (control.squares + treatment.squares) / (users - 2) * sum_of_inverses(control, treatment);
    }
  }
};

/// Columns for the difference of two means alone: successes when there are any, else sums.
inline Channels difference_channels(Channels offered) {
  return {Channel::users, offered.has(Channel::successes) ? Channel::successes : Channel::sum};
}

/// Columns for the difference of two means and its estimated variance.
inline Channels two_sample_channels(Channels offered) {
  if (offered.has(Channel::successes)) return difference_channels(offered);
  return difference_channels(offered) | Channels{Channel::deviations};
}

/// Columns for means whose users are told apart by the step in which they came: totals, where all that is
/// ever seen of a user is seen at once, else every user's value and step.
inline Channels followed_channels(Channels offered) {
  if (offered.has(Channel::at_once)) return two_sample_channels(offered) | Channels{Channel::at_once};
  return difference_channels(offered) | Channels{Channel::exposures};
}

}  // namespace windtunnel

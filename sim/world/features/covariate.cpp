#include "windtunnel/world/features/covariate.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "windtunnel/core/samplers.hpp"
#include "windtunnel/world/company.hpp"

namespace windtunnel {

namespace {

/// X = shift + rho (Y - m)/sd + sqrt(1 - rho^2) E with E standard normal. Of n users with the mean y and the
/// squared deviations SS of Y,
///   mean of X     = shift + rho (y - m)/sd + sqrt(1 - rho^2) Z0/sqrt(n),
///   products      = rho SS/sd + sqrt(1 - rho^2) sqrt(SS) Z1,
///   deviations    = rho^2 SS/sd^2 + 2 rho sqrt(1 - rho^2) sqrt(SS)/sd Z1 + (1 - rho^2)(Z1^2 + chi-square(n -
///   2)):
/// E's deviations fall into one direction along Y's and n - 2 others.
class CovariateModel final : public CompanyModel {
 public:
  CovariateModel(std::unique_ptr<const OutcomeModel> outcome, Channels wanted, int metrics,
                 double correlation, double shift, double sd)
      : CompanyModel(std::move(outcome), wanted, {0, metrics}),
        correlation_(correlation),
        rest_(std::sqrt(1 - correlation * correlation)),
        shift_(shift),
        sd_(sd) {}

  std::string method() const override { return outcome().method() + ", and its covariate given them"; }

 protected:
  void accompany(const Batch& batch, LaneSource source, Address address, Observed& more) const override {
    const auto lanes = static_cast<std::size_t>(more.lanes);
    std::vector<double> z0(lanes), z1(lanes), shape(lanes), half_chi_square(lanes);
    const i32* users = more.users.row(batch.arm);
    sample_normal(source, address, z0);
    if (most_users(batch, more.lanes) > 1) {
      for (std::size_t l = 0; l < lanes; ++l) shape[l] = std::max(0.0, 0.5 * (users[l] - 2.0));
      sample_normal(source, later(address, 2), z1);
      sample_gamma(source, later(address, 4), shape, half_chi_square);
    }
    for (int l = 0; l < more.lanes; ++l) {
      if (users[l] == 0) continue;
      const auto at = static_cast<std::size_t>(l);
      const double n = users[l], squares = more.deviations.row(batch.arm)[l];
      const double residual = (more.sum.row(batch.arm)[l] / n - batch.mean.at(l)) / sd_;
      const double shift = batch.served > 0 ? shift_ : 0;
      const double along = n > 1 ? z1[at] : 0, length = std::sqrt(squares);
      more.covariate_sum.row(batch.arm)[l] =
          n * (shift + correlation_ * residual) + rest_ * std::sqrt(n) * z0[at];
      more.cross_deviations.row(batch.arm)[l] = correlation_ * squares / sd_ + rest_ * length * along;
      const double together = correlation_ * length / sd_ + rest_ * along;
      more.covariate_deviations.row(batch.arm)[l] =
          together * together + 2 * rest_ * rest_ * half_chi_square[at];
      more.covariates.push(batch.arm, l, more.covariate_sum.row(batch.arm)[l]);
    }
  }

 private:
  double correlation_, rest_, shift_, sd_;
};

/// Beyond, sums of shifted covariates no longer hold the digits of those that are not.
constexpr double kLargestShift = 1e6;

/// Degrees of freedom from which on a slope is estimated. With nu of them it errs as N/chi(nu) does, so that
/// what its error adds to a difference of two arms exceeds K standard deviations of a user with a chance
/// below
///   c (s/K)^nu, s^2 = 1/n0 + 1/n1, c = 2 Gamma((nu + 1)/2)^2 2^(nu/2) / (pi nu Gamma(nu/2)):
/// no variance for nu = 2; for 16 and K = 36, about where tallies end, 2^-81 in equal arms and 2^-63 where
/// one of two has a single user, as rare as the farthest normal that is drawn.
constexpr double kFewestDegrees = 16;

/// The line along which outcomes are adjusted: through the covariate's mean in all arms.
struct Line {
  double slope = 0, centre = 0;
};

/// The regression within arms; level while there are too few users to tell a slope.
Line line_of(const Observed& observed, int lane) {
  // Requests share the covariate of the user who makes them.
  const Table<i32>& carriers = observed.owners.rows() > 0 ? observed.owners : observed.users;
  double products = 0, squares = 0, users = 0, sum = 0, degrees = 0;
  for (int arm = 0; arm < observed.arms; ++arm) {
    products += observed.cross_deviations.row(arm)[lane];
    squares += observed.covariate_deviations.row(arm)[lane];
    users += observed.users.row(arm)[lane];
    sum += observed.covariate_sum.row(arm)[lane];
    degrees += std::max(0, carriers.row(arm)[lane] - 1);
  }
  Line line;
  if (degrees >= kFewestDegrees && squares > 0) line.slope = products / squares;
  if (users > 0) line.centre = sum / users;
  return line;
}

/// CUPED: outcomes less theta times the covariate's distance from its mean in all arms, theta = the
/// regression within arms, estimated at each look.
///   source  Deng, Xu, Kohavi & Walker (2013), WSDM, eq. 4
class CupedLens final : public Lens {
 public:
  ///   left   share of the outcome's variance that the covariate leaves
  ///   shift  change of the covariate by a treatment
  CupedLens(double left, double shift) : left_(left), shift_(shift) {}

  void describe(Fields& fields) override {
    describe_choice(fields, "adjust", adjust_, {"none", "cuped"},
                    {"cuped: the estimate is adjusted by the covariate"});
  }

  bool is_plain() const override { return adjust_ == Adjust::none; }
  double variance_factor() const override { return left_; }
  /// |theta| is below twice the largest outcome as surely as estimates are, and a shift adds theta times it.
  double reach() const override { return is_plain() ? 1 : 1 + std::fabs(shift_); }
  bool keeps_outcomes() const override { return adjust_ == Adjust::none; }
  std::string doubt(Channels) const override {
    return shift_ == 0 ? ""
                       : "is adjusted by a covariate that treatments change: its estimates are off by that";
  }
  Channels needs(Channels) const override { return {Channel::sum, Channel::deviations, Channel::covariate}; }
  Channels shows(Channels offered) const override { return offered & (kSeen | Channels{Channel::segments}); }

  const Observed& see(const Observed& observed, const Moment&, int, Observed& scratch) const override {
    if (observed.is_of_metric) return observed;  // the covariate says nothing of it
    const Channels seen = observed.columns() & kSeen;
    scratch.begin(observed.arms, observed.lanes, seen | Channels{Channel::segments},
                  {static_cast<int>(observed.segments.size()), 0});
    adjust(observed, scratch);
    for (std::size_t g = 0; g < observed.segments.size(); ++g)
      adjust(observed.segments[g], scratch.segments[g]);
    return scratch;
  }

 private:
  enum class Adjust { none, cuped };

  inline static const Channels kSeen{Channel::users, Channel::sum, Channel::deviations, Channel::values,
                                     Channel::exposures};

  /// Totals, and values, of the adjusted outcomes, into tables that are made.
  static void adjust(const Observed& observed, Observed& adjusted) {
    for (int l = 0; l < observed.lanes; ++l) {
      const auto [theta, centre] = line_of(observed, l);
      for (int arm = 0; arm < observed.arms; ++arm) {
        const double n = adjusted.users.row(arm)[l] = observed.users.row(arm)[l];
        adjusted.sum.row(arm)[l] =
            observed.sum.row(arm)[l] - theta * (observed.covariate_sum.row(arm)[l] - n * centre);
        const double left =
            observed.deviations.row(arm)[l] - theta * (2 * observed.cross_deviations.row(arm)[l] -
                                                       theta * observed.covariate_deviations.row(arm)[l]);
        adjusted.deviations.row(arm)[l] = left > 0 ? left : 0;
        if (adjusted.values.rows() > 0) adjust_values(observed, theta, centre, arm, l, adjusted);
      }
    }
    adjusted.exposures.copy(observed.exposures);
  }

  static void adjust_values(const Observed& observed, double theta, double centre, int arm, int lane,
                            Observed& adjusted) {
    const std::vector<double>&values = observed.values.at(arm, lane),
          &covariates = observed.covariates.at(arm, lane);
    for (std::size_t user = 0; user < values.size(); ++user)
      adjusted.keep(arm, lane, values[user] - theta * (covariates[user] - centre));
  }

  double left_, shift_;
  Adjust adjust_ = Adjust::none;
};

}  // namespace

void Covariate::describe(Fields& fields) {
  fields.number("correlation", correlation_, {-1, 1},
                {"correlation with the outcome of a user", "", About::Need::required});
  fields.number("treatment_shift", treatment_shift_, {-kLargestShift, kLargestShift},
                {"change of the covariate by a treatment, which contaminates the adjustment", "sd"});
}

std::unique_ptr<const OutcomeModel> Covariate::together(std::unique_ptr<const OutcomeModel> model,
                                                        const Climate& climate, double sd, Channels wanted,
                                                        u64) const {
  if (!wanted.has(Channel::covariate)) return model;
  return std::make_unique<CovariateModel>(std::move(model), wanted, climate.metrics, correlation_,
                                          treatment_shift_, sd);
}

std::unique_ptr<Lens> Covariate::lens() const {
  return std::make_unique<CupedLens>(1 - correlation_ * correlation_, treatment_shift_);
}

}  // namespace windtunnel

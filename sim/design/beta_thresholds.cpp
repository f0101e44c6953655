#include "windtunnel/design/beta_thresholds.hpp"

#include <cmath>

#include "windtunnel/core/math.hpp"

namespace windtunnel {

namespace {

/// P(treatment > control) along a path of growing numbers of successes.
class Walk {
 public:
  Walk(BetaPosterior prior, i32 control_users, i32 treatment_users)
      : treatment_{prior.a, prior.b + treatment_users}, control_{prior.a, prior.b + control_users} {
    anchor();
  }

  double probability() const { return g_; }
  double exact_probability() const { return probability_better(treatment_, control_); }

  void add_treatment_success() {
    g_ += h_ * growth(treatment_);
    turn(treatment_);
  }

  void add_control_success() {
    g_ -= h_ * growth(control_);
    turn(control_);
  }

 private:
  static constexpr int kStepsBetweenAnchors = 1024;

  void anchor() {
    g_ = exact_probability();
    h_ = math::exp(math::log_beta(treatment_.a + control_.a, treatment_.b + control_.b) -
                   math::log_beta(treatment_.a, treatment_.b) - math::log_beta(control_.a, control_.b));
    steps_ = 0;
  }

  double growth(const BetaPosterior& arm) const {
    const double failures = treatment_.b + control_.b - 1;
    return (treatment_.a + control_.a + failures) / (arm.a * failures);
  }

  /// Turns one failure of an arm into a success.
  void turn(BetaPosterior& arm) {
    h_ *= (treatment_.a + control_.a) * (arm.b - 1) / (arm.a * (treatment_.b + control_.b - 1));
    arm.a += 1;
    arm.b -= 1;
    if (++steps_ == kStepsBetweenAnchors) anchor();
  }

  BetaPosterior treatment_, control_;
  double g_, h_;
  int steps_;
};

/// [control's successes] the least successes of treatment at which `holds(P(treatment > control))`, which for
/// more successes then holds as well; treatment_users + 1 where there are none.
///   level  probability at which `holds` changes
template <class Holds>
std::vector<i32> first_where(BetaPosterior prior, i32 control_users, i32 treatment_users, double level,
                             Holds holds) {
  constexpr double kTooClose = 1e-8;
  std::vector<i32> first(static_cast<std::size_t>(control_users) + 1, treatment_users + 1);
  Walk walk(prior, control_users, treatment_users);
  i32 successes = 0;
  for (i32 control = 0; control <= control_users; ++control) {
    if (control > 0) walk.add_control_success();
    for (;; walk.add_treatment_success(), ++successes) {
      const bool clear = std::fabs(walk.probability() - level) > kTooClose;
      if (holds(clear ? walk.probability() : walk.exact_probability())) break;
      if (successes == treatment_users) return first;
    }
    first[static_cast<std::size_t>(control)] = successes;
  }
  return first;
}

}  // namespace

BetaThresholds solve_beta_thresholds(BetaPosterior prior, i32 control_users, i32 treatment_users,
                                     double threshold) {
  const auto is_better = [threshold](double p) { return p > threshold; };
  const auto is_not_worse = [threshold](double p) { return !(1 - p > threshold); };
  return {control_users, treatment_users,
          first_where(prior, control_users, treatment_users, threshold, is_better),
          first_where(prior, control_users, treatment_users, 1 - threshold, is_not_worse)};
}

}  // namespace windtunnel

#include "windtunnel/design/policies/kl_ucb.hpp"

#include <cmath>

#include "learner.hpp"
#include "row_index.hpp"
#include "value_index.hpp"

namespace windtunnel {

namespace {

/// Newton steps; the error squares with each, and starts below .3.
constexpr int kSteps = 8;

struct KlForm {
  static constexpr bool kReadsDeviations = false;

  double unknown(double) const { return kUnknownFirst; }

  /// kl(p, q) = fixed - p ln q - (1 - p) ln(1 - q), where 0 ln 0 is 0, is convex beyond p: Newton's method
  /// comes down from any start above the root. Starts above: Pinsker's kl >= 2 (q - p)^2, and p ln q <= 0.
  double index(ArmRecord arm, double t) const {
    const double p = arm.s / arm.n, rest = 1 - p;
    const double fixed = p * lane_log(p > 0 ? p : 1) + rest * lane_log(rest > 0 ? rest : 1);
    const double most = lane_log(t > 1 ? t : 1) / arm.n;
    const double wide = p + std::sqrt(0.5 * most);
    const double edge = 1 - lane_exp((fixed - most) / (rest > 0 ? rest : 1));
    double q = wide < edge ? wide : edge;
#pragma GCC unroll 8
    for (int i = 0; i < kSteps; ++i) {
      const double other = 1 - q;
      const double divergence = fixed - p * lane_log(q > 0 ? q : 1) - rest * lane_log(other > 0 ? other : 1);
      const double slope = (q - p) / (q * other);
      const double next = q - (divergence - most) / slope;
      q = next > p && next < q ? next : q;
    }
    return rest > 0 && most > 0 ? q : p;
  }
};

}  // namespace

void KlUcb::describe(Fields& fields) {
  learning_.describe(fields);
}

Channels KlUcb::needs(Channels offered) const {
  return reward_channels(offered);
}

std::string KlUcb::objection(Channels offered, Range) const {
  return offered.has(Channel::successes) ? "" : "is made for outcomes of 0 and 1, as bernoulli gives";
}

std::unique_ptr<const PolicyPlan> KlUcb::plan(const Timeline&, const PolicySetting& setting) const {
  return plan_learning(learning_, setting, {1}, [](const PolicySetting& of_block, int lanes) {
    return std::make_unique<RowIndexChooser<KlForm>>(KlForm{}, of_block, lanes);
  });
}

}  // namespace windtunnel

#include "windtunnel/design/analyses/welch_t.hpp"

#include "windtunnel/design/two_sample.hpp"

namespace windtunnel {

namespace {

struct WelchFormula {
  static constexpr Evidence::Law kLaw = Evidence::Law::student;
  static constexpr double least_users(Outcomes) { return 2; }

  /// w_a = s_a^2 / n_a
  static double error(const ArmTotals& arm) { return arm.squares / ((arm.users - 1) * arm.users); }

  double freedom(const ArmTotals& control, const ArmTotals& treatment) const {
    const double w0 = error(control), w1 = error(treatment);
    const double m0 = control.users - 1, m1 = treatment.users - 1;
    // (w0 + w1)^2 / (w0^2/m0 + w1^2/m1) over a common denominator
    return (w0 + w1) * (w0 + w1) * (m0 * m1) / (w0 * w0 * m1 + w1 * w1 * m0);
  }

  template <Outcomes>
  double variance(const ArmTotals& control, const ArmTotals& treatment) const {
    return error(control) + error(treatment);
  }
};

}  // namespace

Channels WelchT::needs(Channels offered) const {
  return two_sample_channels(offered);
}

std::unique_ptr<const Evaluator> WelchT::open(const Setting& setting) const {
  return std::make_unique<TwoSampleEvaluator<WelchFormula>>(WelchFormula{}, setting);
}

}  // namespace windtunnel

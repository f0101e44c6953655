#include "windtunnel/design/analyses/student_t.hpp"

#include "windtunnel/design/two_sample.hpp"

namespace windtunnel {

namespace {

struct StudentFormula {
  static constexpr Evidence::Law kLaw = Evidence::Law::student;
  static constexpr double least_users(Outcomes) { return 2; }

  double freedom(const ArmTotals& control, const ArmTotals& treatment) const {
    return control.users + treatment.users - 2;
  }

  template <Outcomes>
  double variance(const ArmTotals& control, const ArmTotals& treatment) const {
    return (control.squares + treatment.squares) / freedom(control, treatment) *
           sum_of_inverses(control, treatment);
  }
};

}  // namespace

Channels StudentT::needs(Channels offered) const {
  return two_sample_channels(offered);
}

std::unique_ptr<const Evaluator> StudentT::open(const Setting& setting) const {
  return std::make_unique<TwoSampleEvaluator<StudentFormula>>(StudentFormula{}, setting);
}

}  // namespace windtunnel

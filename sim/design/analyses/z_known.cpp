#include "windtunnel/design/analyses/z_known.hpp"

#include "windtunnel/design/two_sample.hpp"

namespace windtunnel {

namespace {

/// sd^2 (1/n_0 + 1/n_1)
struct KnownVariance {
  static constexpr Evidence::Law kLaw = Evidence::Law::normal;
  static constexpr double least_users(Outcomes) { return 1; }

  double variance_of_one;

  template <Outcomes>
  double variance(const ArmTotals& control, const ArmTotals& treatment) const {
    return variance_of_one * sum_of_inverses(control, treatment);
  }
};

}  // namespace

void ZKnown::describe(Fields& fields) {
  fields.number("sd", sd_, kPositive,
                {"known standard deviation of one user's outcome", "", About::Need::required});
}

Channels ZKnown::needs(Channels offered) const {
  return difference_channels(offered);
}

std::unique_ptr<const Evaluator> ZKnown::open(const Setting& setting) const {
  return std::make_unique<TwoSampleEvaluator<KnownVariance>>(KnownVariance{sd_ * sd_}, setting);
}

}  // namespace windtunnel

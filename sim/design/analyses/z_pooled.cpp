#include "windtunnel/design/analyses/z_pooled.hpp"

#include "windtunnel/design/two_sample.hpp"

namespace windtunnel {

namespace {

struct PooledVariance {
  static constexpr Evidence::Law kLaw = Evidence::Law::normal;
  static constexpr double least_users(Outcomes) { return 1; }

  template <Outcomes kOutcomes>
  double variance(const ArmTotals& control, const ArmTotals& treatment) const {
    const double users = control.users + treatment.users;
    if constexpr (kOutcomes == Outcomes::binary) {
      // pq (1/n_0 + 1/n_1) with p = S/N is S (N - S) / (N n_0 n_1): one division, and exactly 0 for S = 0 or
      // N.
      const double successes = control.total + treatment.total;
      return successes * (users - successes) / (users * (control.users * treatment.users));
    } else {
      return (control.squares + treatment.squares) / (users - 2) * sum_of_inverses(control, treatment);
    }
  }
};

}  // namespace

Channels ZPooled::needs(Channels offered) const {
  return two_sample_channels(offered);
}

std::unique_ptr<const Evaluator> ZPooled::open(const Setting& setting) const {
  return std::make_unique<TwoSampleEvaluator<PooledVariance>>(PooledVariance{}, setting);
}

}  // namespace windtunnel

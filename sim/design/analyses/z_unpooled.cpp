#include "windtunnel/design/analyses/z_unpooled.hpp"

#include "windtunnel/design/two_sample.hpp"

namespace windtunnel {

namespace {

/// v_0 / n_0 + v_1 / n_1
struct UnpooledVariance {
  static constexpr Evidence::Law kLaw = Evidence::Law::normal;
  static constexpr double least_users(Outcomes outcomes) { return outcomes == Outcomes::binary ? 1 : 2; }

  template <Outcomes kOutcomes>
  double variance(const ArmTotals& control, const ArmTotals& treatment) const {
    return variance_of_one<kOutcomes>(control) / control.users +
           variance_of_one<kOutcomes>(treatment) / treatment.users;
  }
};

}  // namespace

Channels ZUnpooled::needs(Channels offered) const {
  return two_sample_channels(offered);
}

std::unique_ptr<const Evaluator> ZUnpooled::open(const Setting& setting) const {
  return std::make_unique<TwoSampleEvaluator<UnpooledVariance>>(UnpooledVariance{}, setting);
}

}  // namespace windtunnel

#include "windtunnel/design/pair_difference.hpp"

#include "windtunnel/core/error.hpp"
#include "windtunnel/core/number_text.hpp"
#include "windtunnel/design/two_sample.hpp"

namespace windtunnel {

namespace {

/// V known: (V/2)(1/n_0 + 1/n_1)
struct GivenVariance {
  static constexpr Evidence::Law kLaw = Evidence::Law::normal;
  static constexpr double least_users(Outcomes) { return 1; }

  double half_pair_variance;

  template <Outcomes>
  double variance(const ArmTotals& control, const ArmTotals& treatment) const {
    return half_pair_variance * sum_of_inverses(control, treatment);
  }
};

/// V = v_0 + v_1
struct PluggedInVariance {
  static constexpr Evidence::Law kLaw = Evidence::Law::normal;
  static constexpr double least_users(Outcomes outcomes) { return outcomes == Outcomes::binary ? 1 : 2; }

  template <Outcomes kOutcomes>
  double variance(const ArmTotals& control, const ArmTotals& treatment) const {
    return 0.5 * (variance_of_one<kOutcomes>(control) + variance_of_one<kOutcomes>(treatment)) *
           sum_of_inverses(control, treatment);
  }
};

}  // namespace

Channels PairDifference::needs(Channels offered) const {
  return variance_ ? difference_channels(offered) : two_sample_channels(offered);
}

std::vector<double> PairDifference::planned_variances(const Setting& setting) const {
  if (!setting.binary())
    throw InputError(
        "/variance",
        "required but missing: for outcomes other than 0 and 1 the variance of a pair's difference "
        "must be given (needs a number or \"plug_in\")");
  if (!effect_.baseline)
    throw InputError("/baseline",
                     "required but missing: the variance 2p(1-p) is planned from it (or give \"variance\")");
  std::vector<double> variances;
  for (double size : effect_.sizes("mde", *effect_.mde, setting)) {
    const double p = *effect_.baseline + setting.direction * size / 2;
    if (!(p > 0 && p < 1))
      throw InputError("/baseline", "baseline and mde put the rate half-way between the arms at " +
                                        number_text(p) + ", which is no probability");
    variances.push_back(2 * p * (1 - p));
  }
  return variances;
}

std::unique_ptr<const Evaluator> PairDifference::open(const Setting& setting) const {
  if (!variance_ && plug_in_ == PlugIn::arms)
    return std::make_unique<TwoSampleEvaluator<UnpooledVariance>>(UnpooledVariance{}, setting);
  if (!variance_)
    return std::make_unique<TwoSampleEvaluator<PluggedInVariance>>(PluggedInVariance{}, setting);
  if (*variance_ > 0)
    return std::make_unique<TwoSampleEvaluator<GivenVariance>>(GivenVariance{*variance_ / 2}, setting);
  std::vector<GivenVariance> planned;
  for (double variance : planned_variances(setting)) planned.push_back({variance / 2});
  return std::make_unique<TwoSampleEvaluator<GivenVariance>>(std::move(planned), setting);
}

}  // namespace windtunnel

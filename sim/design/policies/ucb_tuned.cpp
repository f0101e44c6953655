#include "windtunnel/design/policies/ucb_tuned.hpp"

#include <cmath>

#include "learner.hpp"
#include "reward_scale.hpp"
#include "row_index.hpp"
#include "value_index.hpp"

namespace windtunnel {

namespace {

struct TunedForm {
  static constexpr bool kReadsDeviations = true;
  double unit = 1;

  double unknown(double) const { return kUnknownFirst; }
  double index(ArmRecord arm, double t) const {
    const double log_t = lane_log(t > 1 ? t : 1);
    const double bound = arm.deviations / (arm.n * unit * unit) + std::sqrt(2 * log_t / arm.n);
    return arm.s / arm.n + unit * std::sqrt(log_t / arm.n * (bound < 0.25 ? bound : 0.25));
  }
};

}  // namespace

void UcbTuned::describe(Fields& fields) {
  describe_reward_scale(fields, scale_);
  learning_.describe(fields);
}

Channels UcbTuned::needs(Channels offered) const {
  const Channels rewards = reward_channels(offered);
  return offered.has(Channel::successes) ? rewards : rewards | Channels{Channel::deviations};
}

std::string UcbTuned::objection(Channels, Range values) const {
  return scale_objection(scale_, values);
}

std::unique_ptr<const PolicyPlan> UcbTuned::plan(const Timeline&, const PolicySetting& setting) const {
  TunedForm form;
  form.unit = scale_.value_or(1);
  return plan_learning(learning_, setting, {1}, [form](const PolicySetting& of_block, int lanes) {
    return std::make_unique<RowIndexChooser<TunedForm>>(form, of_block, lanes);
  });
}

}  // namespace windtunnel

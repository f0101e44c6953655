#include "windtunnel/design/policies/moss.hpp"

#include <cmath>

#include "learner.hpp"
#include "reward_scale.hpp"
#include "value_index.hpp"

namespace windtunnel {

namespace {

/// The width holds the whole bound: it depends on the arm's users alone.
struct MossForm : MeanValue {
  using Quick = double;
  double unit = 1, users_per_arm = 1;
  double width(double n) const {
    const double log_ratio = lane_log(users_per_arm / n);
    return std::sqrt((log_ratio > 0 ? log_ratio : 0) / n);
  }
  double scale(double) const { return unit; }
};

}  // namespace

void Moss::describe(Fields& fields) {
  fields.number("horizon", horizon_, {1, 1e10},
                {"users it plans with; absent = those of the experiment", "users"});
  describe_reward_scale(fields, scale_);
  learning_.describe(fields);
}

Channels Moss::needs(Channels offered) const {
  return reward_channels(offered);
}

std::string Moss::objection(Channels, Range values) const {
  return scale_objection(scale_, values);
}

std::unique_ptr<const PolicyPlan> Moss::plan(const Timeline&, const PolicySetting& setting) const {
  MossForm form;
  form.unit = scale_.value_or(1);
  form.users_per_arm = horizon_.value_or(static_cast<double>(setting.planned_users)) / setting.arms;
  return plan_learning(learning_, setting, {1}, [form](const PolicySetting& of_block, int lanes) {
    return std::make_unique<ValueIndexChooser<MossForm>>(form, of_block, lanes);
  });
}

}  // namespace windtunnel

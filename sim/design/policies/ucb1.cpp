#include "windtunnel/design/policies/ucb1.hpp"

#include <cmath>

#include "learner.hpp"
#include "reward_scale.hpp"
#include "value_index.hpp"

namespace windtunnel {

namespace {

/// Both parts from 1/n: one division for an arm that has changed.
struct Ucb1Form : MeanValue {
  double unit = 1;
  template <class Real>
  Real value(Real n, Real s) const {
    return s * (1 / n);
  }
  template <class Real>
  Real width(Real n) const {
    return std::sqrt(1 / n);
  }
  double scale(double t) const { return unit * std::sqrt(2 * lane_log(t > 1 ? t : 1)); }
};

}  // namespace

void Ucb1::describe(Fields& fields) {
  describe_reward_scale(fields, scale_);
  learning_.describe(fields);
}

Channels Ucb1::needs(Channels offered) const {
  return reward_channels(offered);
}

std::string Ucb1::objection(Channels, Range values) const {
  return scale_objection(scale_, values);
}

std::unique_ptr<const PolicyPlan> Ucb1::plan(const Timeline&, const PolicySetting& setting) const {
  Ucb1Form form;
  form.unit = scale_.value_or(1);
  return plan_learning(learning_, setting, {1}, [form](const PolicySetting& of_block, int lanes) {
    return std::make_unique<ValueIndexChooser<Ucb1Form>>(form, of_block, lanes);
  });
}

}  // namespace windtunnel

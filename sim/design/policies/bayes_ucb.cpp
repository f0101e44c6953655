#include "windtunnel/design/policies/bayes_ucb.hpp"

#include <cmath>

#include "beta_quantile.hpp"
#include "learner.hpp"
#include "row_index.hpp"
#include "windtunnel/core/math.hpp"

namespace windtunnel {

namespace {

struct BayesForm {
  static constexpr bool kReadsDeviations = false;
  double log_power = 1;
  PosteriorQuantiles* quantiles = nullptr;

  double unknown(double t) const { return 1 - tail(t); }  // of a uniform posterior
  double tail(double t) const { return 1 / ((t + 1) * log_power); }
  double index(ArmRecord arm, double t) const { return quantiles->upper(tail(t), arm.s, arm.n - arm.s); }
};

class BayesChooser final : public RowIndexChooser<BayesForm> {
 public:
  BayesChooser(double log_power, const PolicySetting& setting, int lanes)
      : RowIndexChooser({log_power, &quantiles_}, setting, lanes) {}

 private:
  PosteriorQuantiles quantiles_;
};

}  // namespace

void BayesUcb::describe(Fields& fields) {
  fields.number("c", c_, kNotNegative, {"power of the logarithm of the horizon in the quantile's level"});
  learning_.describe(fields);
}

Channels BayesUcb::needs(Channels offered) const {
  return reward_channels(offered);
}

std::string BayesUcb::objection(Channels offered, Range) const {
  return offered.has(Channel::successes) ? "" : "is made for outcomes of 0 and 1, as bernoulli gives";
}

std::unique_ptr<const PolicyPlan> BayesUcb::plan(const Timeline&, const PolicySetting& setting) const {
  const double log_horizon = math::log(static_cast<double>(setting.planned_users));
  const double log_power = log_horizon > 1 ? math::pow(log_horizon, c_) : 1;
  return plan_learning(learning_, setting, {}, [log_power](const PolicySetting& of_block, int lanes) {
    return std::make_unique<BayesChooser>(log_power, of_block, lanes);
  });
}

}  // namespace windtunnel

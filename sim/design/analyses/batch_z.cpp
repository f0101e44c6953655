#include "windtunnel/design/analyses/batch_z.hpp"

#include <cmath>
#include <utility>
#include <vector>

#include "windtunnel/design/newcomers.hpp"

namespace windtunnel {

namespace {

/// What rounds of one hypothesis come to.
struct Rounds {
  double count = 0;
  double precision = 0;  // sum of 1/s_b
  double z = 0;          // sum of d_b/s_b
};

class BatchEvaluator final : public Evaluator {
 public:
  BatchEvaluator(bool binary, int arms, int lanes)
      : binary_(binary),
        arms_(arms),
        of_round_(binary, arms, lanes),
        of_step_(binary, arms, lanes),
        over_(static_cast<std::size_t>((arms - 1) * lanes)),
        all_(over_) {}

  std::unique_ptr<Evaluator> of_block(int lanes) const override {
    return std::make_unique<BatchEvaluator>(binary_, arms_, lanes);
  }

  /// A round is over when the next one begins, to which the step belongs.
  void follow(const Step& step, const Table<double>&, const Observed& seen) override {
    if (step.begins_round) {
      over_ = all_;
      std::swap(of_round_, of_step_);
    }
    for (int h = 0; h + 1 < arms_; ++h)
      for (int l = 0; l < seen.lanes; ++l) add_round(seen, h, l);
    of_step_.restart(seen);
  }

  void weigh(const Observed&, Evidence& evidence) const override {
    for (int h = 0; h < evidence.hypotheses; ++h) {
      double *excess = evidence.excess.row(h), *variance = evidence.variance.row(h);
      const double margin = evidence.margin[static_cast<std::size_t>(h)];
      for (int l = 0; l < evidence.lanes; ++l) {
        const Rounds& all = all_[static_cast<std::size_t>(h * evidence.lanes + l)];
        const bool known = all.count > 0;
        excess[l] = known ? evidence.direction * (all.z / all.precision - margin) : 0;
        variance[l] = known ? all.count / (all.precision * all.precision) : 0;
      }
    }
  }

 private:
  /// Puts the present round, as it stands, to those that are over.
  void add_round(const Observed& now, int hypothesis, int lane) {
    const auto place = static_cast<std::size_t>(hypothesis * now.lanes + lane);
    Rounds& all = all_[place] = over_[place];
    const ArmTotals control = of_round_.at(now, 0, lane);
    const ArmTotals treatment = of_round_.at(now, hypothesis + 1, lane);
    if (control.users == 0 || treatment.users == 0) return;
    const double variance = variance_of(control, treatment);
    if (!(variance > 0)) return;
    const double root = std::sqrt(variance);
    all.count += 1;
    all.precision += 1 / root;
    all.z += (treatment.total / treatment.users - control.total / control.users) / root;
  }

  double variance_of(const ArmTotals& control, const ArmTotals& treatment) const {
    const PooledVariance formula;
    if (!binary_ && control.users + treatment.users <= 2) return 0;
    return binary_ ? formula.variance<Outcomes::binary>(control, treatment)
                   : formula.variance<Outcomes::continuous>(control, treatment);
  }

  bool binary_;
  int arms_;
  Newcomers of_round_, of_step_;  // users of the present round, of the step that comes next
  std::vector<Rounds> over_;      // [hypothesis][lane] rounds that are over
  std::vector<Rounds> all_;       // [hypothesis][lane] and the present one
};

}  // namespace

Channels BatchZ::needs(Channels offered) const {
  return two_sample_channels(offered) | Channels{Channel::at_once};
}

/// One user in either arm; where outcomes do not tell their variance, one more.
i64 BatchZ::least_round(Channels offered) const {
  return offered.has(Channel::successes) ? 2 : 3;
}

std::unique_ptr<const Evaluator> BatchZ::open(const Setting& setting) const {
  return std::make_unique<BatchEvaluator>(setting.binary(), setting.arms, 0);
}

}  // namespace windtunnel

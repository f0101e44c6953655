#include "windtunnel/design/policies/exp3.hpp"

#include <algorithm>

#include "learner.hpp"
#include "reward_scale.hpp"
#include "share_table.hpp"
#include "windtunnel/core/lane_math.hpp"

namespace windtunnel {

namespace {

/// Rewards are divided by the chance with which the last round's users got their arm: the floor's share is
/// part of it, and whoever got the arms in turn had an even chance, as a whole turn has. Of a round that has
/// both it is the mean.
class Exp3Chooser final : public Chooser {
 public:
  Exp3Chooser(double gamma, double unit, const PolicySetting& setting, int lanes)
      : gamma_(gamma),
        unit_(unit),
        loss_(setting.direction < 0 && !setting.binary() ? 1 : 0),
        chances_(setting.arms, lanes),
        log_weight_(setting.arms, lanes),
        rewards_(setting.arms, lanes),
        most_(1, lanes) {}

  void learn(const Known& known) override {
    const int arms = chances_.arms();
    double* most = most_.row(0);
    for (int arm = 0; arm < arms; ++arm) {
      double *log_weight = log_weight_.row(arm), *before = rewards_.row(arm), *own = chances_.row(arm);
      for (int l = 0; l < known.lanes; ++l) {
        const double rewards = reward(known, arm, l);
        const double chance = own[l] + known.even * (1.0 / arms - own[l]);
        log_weight[l] += gamma_ * (rewards - before[l]) / (chance * arms);
        before[l] = rewards;
        most[l] = arm == 0 ? log_weight[l] : std::max(most[l], log_weight[l]);
      }
    }
    for (int arm = 0; arm < arms; ++arm)
      for (int l = 0; l < known.lanes; ++l)
        chances_.row(arm)[l] = lane_exp(log_weight_.row(arm)[l] - most[l]);
    chances_.normalise();
    for (int arm = 0; arm < arms; ++arm)
      for (int l = 0; l < known.lanes; ++l)
        chances_.row(arm)[l] = (1 - gamma_) * chances_.row(arm)[l] + gamma_ / arms;
  }

  void choose(const ChoicePlace& place, i32* arm) override { chances_.choose(place, arm); }
  void choose_many(const ChoicePlace& place, i32 users, Table<i32>& counts) override {
    chances_.choose_many(place, users, counts);
  }
  void tell_chances(Table<double>& chance) override { chances_.tell(chance); }

 private:
  /// Rewards between 0 and 1 in all: where less is better, 1 less the outcome.
  double reward(const Known& known, int arm, int l) const {
    if (known.binary) return known.wins(arm)[l];
    return loss_ * known.users(arm)[l] + known.sums(arm)[l] / unit_;
  }

  double gamma_, unit_, loss_;
  ShareTable chances_;
  Table<double> log_weight_, rewards_;  // [arm][lane]
  Table<double> most_;                  // [0][lane] largest logarithm
};

}  // namespace

void Exp3::describe(Fields& fields) {
  fields.number(
      "gamma", gamma_, {0, 1, Range::Ends::open_low},
      {"share of the users that are allocated evenly, and rate of learning", "", About::Need::required});
  describe_reward_scale(fields, scale_);
  learning_.describe(fields);
}

Channels Exp3::needs(Channels offered) const {
  return reward_channels(offered);
}

std::string Exp3::objection(Channels, Range values) const {
  return scale_objection(scale_, values);
}

std::unique_ptr<const PolicyPlan> Exp3::plan(const Timeline&, const PolicySetting& setting) const {
  return plan_learning(learning_, setting, {},
                       [gamma = gamma_, unit = scale_.value_or(1)](const PolicySetting& of_block, int lanes) {
                         return std::make_unique<Exp3Chooser>(gamma, unit, of_block, lanes);
                       });
}

}  // namespace windtunnel

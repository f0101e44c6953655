#include "windtunnel/design/policies/softmax.hpp"

#include <algorithm>

#include "learner.hpp"
#include "share_table.hpp"
#include "windtunnel/core/lane_math.hpp"

namespace windtunnel {

namespace {

class SoftmaxChooser final : public Chooser {
 public:
  SoftmaxChooser(double temperature, const PolicySetting& setting, int lanes)
      : temperature_(temperature), chances_(setting.arms, lanes), most_(1, lanes) {}

  /// Largest exponent 0, so that the weights neither overflow nor all vanish.
  void learn(const Known& known) override {
    double* most = most_.row(0);
    for (int arm = 0; arm < chances_.arms(); ++arm) {
      double* exponent = chances_.row(arm);
      for (int l = 0; l < known.lanes; ++l) {
        const double n = known.users(arm)[l];
        const double s = known.binary ? known.wins(arm)[l] : known.sums(arm)[l];
        exponent[l] = n > 0 ? s / n / temperature_ : 0;
        most[l] = arm == 0 ? exponent[l] : std::max(most[l], exponent[l]);
      }
    }
    for (int arm = 0; arm < chances_.arms(); ++arm) {
      double* weight = chances_.row(arm);
      for (int l = 0; l < known.lanes; ++l) weight[l] = lane_exp(weight[l] - most[l]);
    }
    chances_.normalise();
  }

  void choose(const ChoicePlace& place, i32* arm) override { chances_.choose(place, arm); }
  void choose_many(const ChoicePlace& place, i32 users, Table<i32>& counts) override {
    chances_.choose_many(place, users, counts);
  }
  void tell_chances(Table<double>& chance) override { chances_.tell(chance); }

 private:
  double temperature_;
  ShareTable chances_;
  Table<double> most_;  // [0][lane] largest exponent
};

}  // namespace

void Softmax::describe(Fields& fields) {
  fields.number("temperature", temperature_, kPositive,
                {"how much worse an arm may be and still get 1/e of the best one's users", "outcome",
                 About::Need::required});
  learning_.describe(fields);
}

Channels Softmax::needs(Channels offered) const {
  return reward_channels(offered);
}

std::unique_ptr<const PolicyPlan> Softmax::plan(const Timeline&, const PolicySetting& setting) const {
  return plan_learning(learning_, setting, {1},
                       [temperature = temperature_](const PolicySetting& of_block, int lanes) {
                         return std::make_unique<SoftmaxChooser>(temperature, of_block, lanes);
                       });
}

}  // namespace windtunnel

#include "windtunnel/design/policies/discounted_thompson.hpp"

#include "learner.hpp"
#include "posterior_draws.hpp"
#include "windtunnel/core/math.hpp"
#include "windtunnel/core/samplers.hpp"

namespace windtunnel {

namespace {

void remember(double kept, const i32* __restrict users, const i32* __restrict wins,
              i32* __restrict users_before, i32* __restrict wins_before, double* __restrict a,
              double* __restrict b, int lanes) {
  for (int l = 0; l < lanes; ++l) {
    const double won = wins[l] - wins_before[l], lost = users[l] - users_before[l] - won;
    a[l] = 1 + kept * (a[l] - 1) + won;
    b[l] = 1 + kept * (b[l] - 1) + lost;
    users_before[l] = users[l];
    wins_before[l] = wins[l];
  }
}

class DiscountedChooser final : public Chooser {
 public:
  DiscountedChooser(double discount, const PolicySetting& setting, int lanes)
      : discount_(discount),
        arms_(setting.arms),
        a_(arms_, lanes, 1.0),
        b_(arms_, lanes, 1.0),
        users_(arms_, lanes),
        wins_(arms_, lanes),
        drawn_(1, lanes),
        best_(1, lanes) {}

  /// Users that came since the last round, whether their outcomes are known or not.
  void learn(const Known& known) override {
    const double kept = math::pow(discount_, static_cast<double>(known.time - time_));
    time_ = known.time;
    for (int arm = 0; arm < arms_; ++arm)
      remember(kept, known.users(arm), known.wins(arm), users_.row(arm), wins_.row(arm), a_.row(arm),
               b_.row(arm), known.lanes);
  }

  void choose(const ChoicePlace& place, i32* leader) override {
    choose_largest(arms_, drawn_, best_, leader, [&](int arm, std::span<double> drawn) {
      sample_beta(place.choice, posterior_address(place, arm), a_.span(arm), b_.span(arm), drawn);
    });
  }

  void choose_many(const ChoicePlace& place, i32 users, Table<i32>& counts) override {
    choose_by_best(*this, place, users, counts);
  }

  void tell_chances(Table<double>& chance) override {
    tell_best(chance, [this](int arm, int l) {
      return smooth_laws::LogOdds({a_.row(arm)[l], b_.row(arm)[l]});
    });
  }

 private:
  double discount_;
  int arms_;
  i64 time_ = 0;
  Table<double> a_, b_;         // [arm][lane]
  Table<i32> users_, wins_;     // [arm][lane] at the last round
  Table<double> drawn_, best_;  // [0][lane]
};

}  // namespace

void DiscountedThompson::describe(Fields& fields) {
  fields.number("discount", discount_, {0, 1, Range::Ends::open},
                {"what a user's outcome is worth when the next has come", "", About::Need::required});
  learning_.describe(fields);
}

Channels DiscountedThompson::needs(Channels offered) const {
  return reward_channels(offered);
}

std::string DiscountedThompson::objection(Channels offered, Range) const {
  return offered.has(Channel::successes) ? "" : "is made for outcomes of 0 and 1, as bernoulli gives";
}

std::unique_ptr<const PolicyPlan> DiscountedThompson::plan(const Timeline&,
                                                           const PolicySetting& setting) const {
  return plan_learning(learning_, setting, {},
                       [discount = discount_](const PolicySetting& of_block, int lanes) {
                         return std::make_unique<DiscountedChooser>(discount, of_block, lanes);
                       });
}

}  // namespace windtunnel

#include "windtunnel/design/policies/discounted_thompson.hpp"

#include <algorithm>
#include <vector>

#include "learner.hpp"
#include "windtunnel/core/math.hpp"
#include "windtunnel/core/samplers.hpp"
#include "windtunnel/design/posterior.hpp"

namespace windtunnel {

namespace {

/// More users at once than this are divided by the probabilities of being the best.
constexpr i32 kMostOneByOne = 1000;

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

void challenge(i32 arm, const double* __restrict drawn, double* __restrict best, i32* __restrict leader,
               int lanes) {
  for (int l = 0; l < lanes; ++l) {
    leader[l] = drawn[l] > best[l] ? arm : leader[l];
    best[l] = drawn[l] > best[l] ? drawn[l] : best[l];
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
    std::fill_n(leader, drawn_.lanes(), 0);
    best_.assign(1, drawn_.lanes(), -1.0);
    for (int arm = 0; arm < arms_; ++arm) {
      sample_beta(place.choice, {place.user, choice_row::kPosterior + static_cast<u32>(arm), 0}, a_.span(arm),
                  b_.span(arm), drawn_.span(0));
      challenge(arm, drawn_.row(0), best_.row(0), leader, drawn_.lanes());
    }
  }

  void choose_many(const ChoicePlace& place, i32 users, Table<i32>& counts) override {
    if (users <= kMostOneByOne) return choose_one_by_one(*this, place, users, counts);
    Table<double> probability(arms_, counts.lanes());
    tell_chances(probability);
    const std::vector<i32> all(static_cast<std::size_t>(counts.lanes()), users);
    split_users(place.choice, place.user, choice_row::kMany, probability, all, counts);
  }

  void tell_chances(Table<double>& chance) override {
    std::vector<BetaPosterior> posteriors(static_cast<std::size_t>(arms_));
    std::vector<double> best(posteriors.size());
    for (int l = 0; l < chance.lanes(); ++l) {
      for (int a = 0; a < arms_; ++a) posteriors[static_cast<std::size_t>(a)] = {a_.row(a)[l], b_.row(a)[l]};
      probability_best(posteriors, best);
      for (int a = 0; a < arms_; ++a) chance.row(a)[l] = best[static_cast<std::size_t>(a)];
    }
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

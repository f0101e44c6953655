#include "windtunnel/design/policies/top_two_thompson.hpp"

#include <algorithm>
#include <vector>

#include "learner.hpp"
#include "posterior_draws.hpp"
#include "share_table.hpp"
#include "thompson_many.hpp"
#include "thompson_pair.hpp"
#include "windtunnel/core/samplers.hpp"

namespace windtunnel {

namespace {

/// How likely every arm of one lane is the best: those of BestShares.
struct LaneShares {
  int leader = 0;
  double rest = 0;
  std::vector<double> others;  // [arm]

  double best(int arm) const {
    return arm == leader ? 1 - rest : rest * others[static_cast<std::size_t>(arm)];
  }

  /// P(arm is the best | not_best is not). The leader's probability not to be the best is no difference of
  /// others, so that it may be as small as can be.
  double second(int arm, int not_best) const {
    if (arm == not_best) return 0;
    if (not_best == leader) return others[static_cast<std::size_t>(arm)];
    const double all = 1 - best(not_best);
    return all > 0 ? best(arm) / all : 0;
  }

  /// Chance of an arm: beta p_a + (1 - beta) sum over other arms i of p_i P(a | not i).
  double top_two(double beta, int arm, double odds_of_others) const {
    if (arm == leader) return beta * best(arm) + (1 - beta) * best(arm) * odds_of_others;
    const double own = best(arm);
    const double after_others = own * (odds_of_others - own / (1 - own));
    return beta * own + (1 - beta) * ((1 - rest) * second(arm, leader) + after_others);
  }

  /// Sum of p_i / (1 - p_i) over all arms but the leader.
  double odds_of_others() const {
    double sum = 0;
    for (double share : others) sum += rest * share / (1 - rest * share);
    return sum;
  }
};

/// Draws as Thompson sampling does, again and again until the best arm is another one. Redraws are
/// independent: after some of them the law of the first that differs is what it was at the beginning, P(arm |
/// not the first), and is drawn from at once. Of two arms it is the other one.
class TopTwoChooser final : public Chooser {
 public:
  TopTwoChooser(double beta, const PolicySetting& setting, int lanes)
      : beta_(beta),
        arms_(setting.arms),
        thompson_(arms_ == 2 ? make_thompson_pair(lanes) : make_thompson_many(arms_, lanes)),
        users_(arms_, lanes),
        wins_(arms_, lanes),
        coin_(1, lanes),
        again_(1, lanes),
        chances_(arms_, lanes) {}

  void learn(const Known& known) override {
    thompson_->learn(known);
    if (known.changed == nullptr)
      for (int a = 0; a < arms_; ++a) {
        std::copy_n(known.users(a), known.lanes, users_.row(a));
        std::copy_n(known.wins(a), known.lanes, wins_.row(a));
      }
    else
      for (int l = 0; l < known.lanes; ++l) {
        users_.row(known.changed[l])[l] = known.changed_users[l];
        wins_.row(known.changed[l])[l] = known.changed_wins[l];
      }
    is_told_ = false;
  }

  void choose(const ChoicePlace& place, i32* arm) override {
    thompson_->choose(place, arm);
    sample_uniform(place.choice, {place.user, choice_row::kSecond, 0}, coin_.span(0));
    seeking_.clear();
    for (int l = 0; l < coin_.lanes(); ++l)
      if (coin_.row(0)[l] >= beta_) seeking_.push_back(l);
    if (arms_ == 2) {
      for (int l : seeking_) arm[l] = 1 - arm[l];
      return;
    }
    for (u32 i = 0; i < kRedraws && !seeking_.empty(); ++i) redraw(place, i, arm);
    for (int l : seeking_) arm[l] = draw_second(place, l, arm[l]);
  }

  void choose_many(const ChoicePlace& place, i32 users, Table<i32>& counts) override {
    find_chances();
    chances_.choose_many(place, users, counts);
  }

  void tell_chances(Table<double>& chance) override {
    find_chances();
    chances_.tell(chance);
  }

 private:
  /// So many cost a tenth of what the integral of one lane in ten does.
  static constexpr u32 kRedraws = 12;

  /// Draws once more, from random numbers of its own, and settles the lanes whose best arm is another one.
  void redraw(const ChoicePlace& place, u32 attempt, i32* arm) {
    const Random choice = place.choice.random->branch(attempt), tie = place.tie.random->branch(attempt);
    i32* again = again_.row(0);
    thompson_->choose(
        {{&choice, place.choice.first_replication}, {&tie, place.tie.first_replication}, place.user}, again);
    std::erase_if(seeking_, [&](int l) {
      const bool differs = again[l] != arm[l];
      if (differs) arm[l] = again[l];
      return differs;
    });
  }

  /// An arm with the probabilities P(arm | not the first): the first whose sum exceeds a uniform variate.
  i32 draw_second(const ChoicePlace& place, int lane, i32 first) {
    find_shares(lane);
    double uniform;
    sample_uniform(shifted(place.choice, lane), {place.user, choice_row::kSecond + 1, 0}, {&uniform, 1});
    i32 last = first;
    for (i32 a = 0; a < arms_ && uniform >= 0; ++a) {
      const double chance = shares_.second(a, first);
      if (chance > 0) last = a;
      uniform -= chance;
    }
    return last;
  }

  void find_shares(int lane) {
    shares_.others.resize(static_cast<std::size_t>(arms_));
    integral_.begin(shares_.others.size());
    for (int a = 0; a < arms_; ++a) {
      const double users = users_.row(a)[lane], wins = wins_.row(a)[lane];
      integral_.set(static_cast<std::size_t>(a), smooth_laws::LogOdds({wins + 1, users - wins + 1}));
    }
    const BestShares found = integral_.find(shares_.others);
    shares_.leader = static_cast<int>(found.leader);
    shares_.rest = found.rest;
  }

  void find_chances() {
    if (is_told_) return;
    is_told_ = true;
    if (arms_ == 2) return find_chances_of_two();
    for (int l = 0; l < coin_.lanes(); ++l) {
      find_shares(l);
      const double odds = shares_.odds_of_others();
      for (int a = 0; a < arms_; ++a) chances_.row(a)[l] = shares_.top_two(beta_, a, odds);
    }
    chances_.normalise();
  }

  void find_chances_of_two() {
    Table<double> best(2, coin_.lanes());
    thompson_->tell_chances(best);
    for (int a = 0; a < 2; ++a)
      for (int l = 0; l < coin_.lanes(); ++l)
        chances_.row(a)[l] = beta_ * best.row(a)[l] + (1 - beta_) * best.row(1 - a)[l];
  }

  double beta_;
  int arms_;
  std::unique_ptr<Chooser> thompson_;
  Table<i32> users_, wins_;   // [arm][lane] at the beginning of the round
  Table<double> coin_;        // [0][lane]
  Table<i32> again_;          // [0][lane]
  std::vector<int> seeking_;  // lanes that want another arm than the first
  bool is_told_ = false;      // chances_ are those of the round
  ShareTable chances_;
  BestIntegral<smooth_laws::LogOdds> integral_;
  LaneShares shares_;
};

}  // namespace

void TopTwoThompson::describe(Fields& fields) {
  fields.number("beta", beta_, kOpenProbability,
                {"share of the users that get the best arm of the first draw"});
  learning_.describe(fields);
}

Channels TopTwoThompson::needs(Channels offered) const {
  return reward_channels(offered);
}

std::string TopTwoThompson::objection(Channels offered, Range) const {
  return offered.has(Channel::successes) ? "" : "is made for outcomes of 0 and 1, as bernoulli gives";
}

std::unique_ptr<const PolicyPlan> TopTwoThompson::plan(const Timeline&, const PolicySetting& setting) const {
  return plan_learning(learning_, setting, {}, [beta = beta_](const PolicySetting& of_block, int lanes) {
    return std::make_unique<TopTwoChooser>(beta, of_block, lanes);
  });
}

}  // namespace windtunnel

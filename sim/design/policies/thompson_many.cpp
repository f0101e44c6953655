#include "thompson_many.hpp"

#include <algorithm>
#include <array>

#include "posterior_draws.hpp"
#include "tail_bounds.hpp"
#include "windtunnel/core/lane_bits.hpp"
#include "windtunnel/core/lane_math.hpp"
#include "windtunnel/core/lane_vectors.hpp"
#include "windtunnel/core/math.hpp"
#include "windtunnel/core/samplers.hpp"

namespace windtunnel {

namespace {

/// Of the arm that has had one more user: what that adds to the logarithm of 1 / B(a, b), and its posterior
/// mean. Before, a + b was n + 1 and the parameter that grew was s or n - s.
///   before  its s before
void follow(const i32* __restrict n, const i32* __restrict s, const i32* __restrict before,
            double* __restrict growth, float* __restrict mean, int lanes) {
  for (int l = 0; l < lanes; ++l) {
    const i32 grown = s[l] > before[l] ? s[l] : n[l] - s[l];
    growth[l] = lane_log((n[l] + 1.0) / grown);
    mean[l] = static_cast<float>((s[l] + 1.0) / (n[l] + 2.0));
  }
}

class ThompsonMany final : public Chooser {
 public:
  ThompsonMany(int arms, int lanes) : arms_(arms), lanes_(lanes), log_norm_(arms, lanes) {
    for (Table<i32>* table : {&users_, &wins_}) table->assign(arms, lanes);
    for (Table<float>* table : {&norm_, &mean_}) table->assign(arms, lanes);
    for (Table<double>* table : {&growth_, &best_, &a_, &b_, &x_}) table->assign(1, lanes);
    for (Table<float>* table : {&new_mean_, &log_x_, &log_rest_, &per_x_, &per_rest_, &slope_, &density_})
      table->assign(1, lanes);
    for (Table<i32>* table : {&wins_before_, &leader_, &keeps_}) table->assign(1, lanes);
    halves_.assign(1, lanes);
  }

  void learn(const Known& known) override {
    if (known.changed != nullptr)
      renew_changed(known);
    else
      renew_all(known);
    for (int first = 0; first < lanes_; first += kLanesTogether) find_leaders(first);
  }

  void choose(const ChoicePlace& place, i32* arm) override {
    sample_unimodal_beta(place.choice, {place.user, choice_row::kPosterior, 0}, a_.span(0), b_.span(0),
                         x_.span(0));
    const Drawn drawn{x_.row(0), log_x_.row(0), log_rest_.row(0), per_x_.row(0), per_rest_.row(0)};
    prepare(drawn, lanes_);
    std::copy_n(leader_.row(0), lanes_, arm);
    std::copy_n(x_.row(0), lanes_, best_.row(0));
    for (i32 other = 0; other < arms_; ++other) {
      place.choice.random->fill_halves(place.choice.first_replication, tail_address(place, other),
                                       halves_.span(0));
      bound_tail(drawn, {users_.row(other), wins_.row(other), norm_.row(other)}, other, leader_.row(0),
                 halves_.row(0), slope_.row(0), density_.row(0), keeps_.row(0), lanes_);
      for_flagged(keeps_.row(0), lanes_, [&](int lane) { draw_lane(place, other, lane, arm); });
    }
  }

  void choose_many(const ChoicePlace& place, i32 users, Table<i32>& counts) override {
    choose_by_best(*this, place, users, counts);
  }

  void tell_chances(Table<double>& chance) override {
    tell_best(chance, [this](int arm, int l) { return smooth_laws::LogOdds(posterior(arm, l)); });
  }

 private:
  static Address tail_address(const ChoicePlace& place, int arm) {
    return {place.user, choice_row::kTail + static_cast<u32>(arm), 0};
  }

  BetaPosterior posterior(int arm, int lane) const {
    const double wins = wins_.row(arm)[lane];
    return {wins + 1, users_.row(arm)[lane] - wins + 1};
  }

  void renew_all(const Known& known) {
    for (int arm = 0; arm < arms_; ++arm) {
      std::copy_n(known.users(arm), lanes_, users_.row(arm));
      std::copy_n(known.wins(arm), lanes_, wins_.row(arm));
      for (int l = 0; l < lanes_; ++l) {
        const BetaPosterior p = posterior(arm, l);
        const double log_norm = users_.row(arm)[l] > 0 ? -math::log_beta(p.a, p.b) : 0;
        log_norm_.row(arm)[l] = log_norm;
        norm_.row(arm)[l] = static_cast<float>(log_norm);
        mean_.row(arm)[l] = static_cast<float>(p.a / (p.a + p.b));
      }
    }
  }

  void renew_changed(const Known& known) {
    const i32 *arm = known.changed, *users = known.changed_users, *wins = known.changed_wins;
    for (int l = 0; l < lanes_; ++l) {
      wins_before_.row(0)[l] = wins_.row(arm[l])[l];
      users_.row(arm[l])[l] = users[l];
      wins_.row(arm[l])[l] = wins[l];
    }
    follow(users, wins, wins_before_.row(0), growth_.row(0), new_mean_.row(0), lanes_);
    for (int l = 0; l < lanes_; ++l) {
      double& log_norm = log_norm_.row(arm[l])[l];
      log_norm += growth_.row(0)[l];
      norm_.row(arm[l])[l] = static_cast<float>(log_norm);
      mean_.row(arm[l])[l] = new_mean_.row(0)[l];
    }
  }

  /// The arms of the largest means of kLanesTogether lanes, and the parameters they draw with. Any arm may go
  /// first.
  void find_leaders(int first) {
    LaneVector<float> best = {}, mean;
    LaneVector<i32> leader = {}, users = {}, wins = {}, own;
    for (i32 arm = 0; arm < arms_; ++arm) {
      load_lanes(mean, mean_.row(arm) + first);
      const LaneVector<i32> leads = mean > best;
      best = leads ? mean : best;
      leader = leads ? LaneVector<i32>{} + arm : leader;
      load_lanes(own, users_.row(arm) + first);
      users = leads ? own : users;
      load_lanes(own, wins_.row(arm) + first);
      wins = leads ? own : wins;
    }
    store_lanes(leader_.row(0) + first, leader);
    const int lanes = std::min(kLanesTogether, lanes_ - first);
    for (int i = 0; i < lanes; ++i) {
      a_.row(0)[first + i] = wins[i] + 1.0;
      b_.row(0)[first + i] = users[i] - wins[i] + 1.0;
    }
  }

  /// Lets an arm draw where its word lies below the bound.
  void draw_lane(const ChoicePlace& place, i32 other, int lane, i32* arm) {
    const LaneSource source = shifted(place.choice, lane);
    const double slope = slope_.row(0)[lane], bound = slope > 0 ? density_.row(0)[lane] / slope : 1;
    const double left = bound * 0x1p16 - halves_.row(0)[lane];
    const Address tail = tail_address(place, other);
    if (left < 1 && source.random->word(source.first_replication, later(tail, 1)) >= left * 0x1p32) return;
    const double theta = slope > 0 ? draw_beyond(place, other, lane) : draw_whole(place, other, lane);
    if (theta <= best_.row(0)[lane]) return;
    best_.row(0)[lane] = theta;
    arm[lane] = other;
  }

  /// Four words of an arm that draws: a block of their own, {replication, attempt, user, row} under the key
  /// of ties, whose rows are others.
  static std::array<u32, 4> survivor_words(const ChoicePlace& place, i32 other, int lane, u32 attempt) {
    const u64 replication = place.tie.first_replication + static_cast<u64>(lane);
    return philox({static_cast<u32>(replication), static_cast<u32>(replication >> 32) | attempt << 16,
                   place.user, choice_row::kSurvivor + static_cast<u32>(other)},
                  place.tie.random->key());
  }

  double draw_whole(const ChoicePlace& place, i32 other, int lane) const {
    const BetaPosterior p = posterior(other, lane);
    double theta = -1;
    for (u32 attempt = 0; theta < 0; ++attempt)
      theta = attempt_unimodal_beta(p.a, p.b, survivor_words(place, other, lane, attempt));
    return theta;
  }

  /// A draw from the tangent beyond x, or 0 if it is not accepted: then the arm lies below x.
  double draw_beyond(const ChoicePlace& place, i32 other, int lane) const {
    const auto words = survivor_words(place, other, lane, 0);
    const auto uniform = [&](std::size_t i) {
      return (static_cast<double>(words[i]) * 0x1p32 + static_cast<double>(words[i + 1]) + 0.5) * 0x1p-64;
    };
    const double slope = slope_.row(0)[lane], step = -lane_log(uniform(0)) / slope;
    const double y = x_.row(0)[lane] + step;
    if (y >= 1) return 0;
    const double good = wins_.row(other)[lane], bad = users_.row(other)[lane] - good;
    const double log_density = log_norm_.row(other)[lane] + good * lane_log(y) + bad * lane_log(1 - y);
    const double log_ratio = log_density + slope * step - lane_log(density_.row(0)[lane]);
    return lane_log(uniform(2)) < log_ratio ? y : 0;
  }

  int arms_, lanes_;
  Table<i32> users_, wins_;         // [arm][lane] at the beginning of the round
  Table<double> log_norm_;          // [arm][lane] -log B(a, b)
  Table<float> norm_, mean_;        // [arm][lane] the same, and the posterior mean
  Table<double> growth_;            // [0][lane] of the arm that has changed
  Table<float> new_mean_;           // [0][lane]
  Table<i32> wins_before_;          // [0][lane]
  Table<i32> leader_;               // [0][lane] the arm that draws first
  Table<double> a_, b_, x_, best_;  // [0][lane] its parameters and draw, and the largest draw so far
  Table<float> log_x_, log_rest_;   // [0][lane]
  Table<float> per_x_, per_rest_;   // [0][lane]
  Table<float> slope_, density_;    // [0][lane] of one arm
  Table<i32> keeps_;                // [0][lane]
  Table<u16> halves_;               // [0][lane]
};

}  // namespace

std::unique_ptr<Chooser> make_thompson_many(int arms, int lanes) {
  return std::make_unique<ThompsonMany>(arms, lanes);
}

}  // namespace windtunnel

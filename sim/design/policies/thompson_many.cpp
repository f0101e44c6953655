#include "thompson_many.hpp"

#include <algorithm>
#include <bit>
#include <vector>

#include "changed_arm.hpp"
#include "posterior_draws.hpp"
#include "windtunnel/core/lane_math.hpp"
#include "windtunnel/core/math.hpp"
#include "windtunnel/core/samplers.hpp"

namespace windtunnel {

namespace {

/// See pick_changed.
constexpr int kFewArms = 4;

/// Draws stay inside (0, 1), where the logarithms of both sides are finite.
constexpr double kLeast = 0x1p-1000, kMost = 1 - 0x1p-53;

/// What one more user adds to the logarithm of 1 / B(a, b), and the posterior mean after it. Before it, a + b
/// was n + 1 and the parameter that grew was s or n - s.
void follow(const i32* __restrict n, const i32* __restrict s, const i32* __restrict before,
            double* __restrict growth, double* __restrict mean, int lanes) {
  for (int l = 0; l < lanes; ++l) {
    const i32 grown = s[l] > before[l] ? s[l] : n[l] - s[l];
    growth[l] = lane_log((n[l] + 1.0) / grown);
    mean[l] = (s[l] + 1.0) / (n[l] + 2.0);
  }
}

void add_growth(const double* __restrict growth, double* __restrict log_norm, int lanes) {
  for (int l = 0; l < lanes; ++l) log_norm[l] += growth[l];
}

/// The arm of the largest mean so far; arms come in order.
void challenge(double arm, const double* __restrict mean, double* __restrict best, double* __restrict leader,
               int lanes) {
  for (int l = 0; l < lanes; ++l) {
    leader[l] = mean[l] > best[l] ? arm : leader[l];
    best[l] = mean[l] > best[l] ? mean[l] : best[l];
  }
}

void to_whole(const double* __restrict from, i32* __restrict to, int lanes) {
  for (int l = 0; l < lanes; ++l) to[l] = static_cast<i32>(from[l]);
}

void find_parameters(const i32* __restrict users, const i32* __restrict wins, double* __restrict a,
                     double* __restrict b, int lanes) {
  for (int l = 0; l < lanes; ++l) {
    a[l] = wins[l] + 1.0;
    b[l] = users[l] - wins[l] + 1.0;
  }
}

/// What all arms need of the leader's draws, [lane].
struct Drawn {
  double *x, *log_x, *log_rest, *per_x, *per_rest;
};

void prepare(const Drawn drawn, int lanes) {
  double* __restrict x = drawn.x;
  double* __restrict log_x = drawn.log_x;
  double* __restrict log_rest = drawn.log_rest;
  double* __restrict per_x = drawn.per_x;
  double* __restrict per_rest = drawn.per_rest;
  for (int l = 0; l < lanes; ++l) {
    x[l] = x[l] < kLeast ? kLeast : (x[l] > kMost ? kMost : x[l]);
    log_x[l] = lane_log(x[l]);
    log_rest[l] = lane_log(1 - x[l]);
    per_x[l] = 1 / x[l];
    per_rest[l] = 1 / (1 - x[l]);
  }
}

/// A number between e^x and 1.0616 e^x for |x| < 700, e^x itself beyond reach there: 2^k (1 + f) is never
/// below 2^(k + f), and its bits are those of k + f itself.
inline double exp_from_above(double x) {
  constexpr double kLog2E = 0x1.71547652b82fep+0;
  const double bounded = x < -690.0 ? -690.0 : (x > 690.0 ? 690.0 : x);
  const i32 high = static_cast<i32>((bounded * kLog2E + 1023.0) * 0x1p20) + 1;  // rounded up
  return std::bit_cast<double>(static_cast<u64>(high) << 32);
}

/// A bound of an arm's density at x and the slope of its logarithm, downwards: the chance that the arm lies
/// beyond x is at most density / slope, where that is below 1; a bound of the density does as well as itself.
///   slope   0 where the arm must draw whole
///   halves  random
///   keeps   1: the half / 2^16 lies below the bound, or too near to tell
void bound_tail(const Drawn drawn, const double* __restrict log_norm, const i32* __restrict users,
                const i32* __restrict wins, const u16* __restrict halves, double* __restrict slope,
                double* __restrict density, i32* __restrict keeps, int lanes) {
  const double* __restrict log_x = drawn.log_x;
  const double* __restrict log_rest = drawn.log_rest;
  const double* __restrict per_x = drawn.per_x;
  const double* __restrict per_rest = drawn.per_rest;
  for (int l = 0; l < lanes; ++l) {
    const double good = wins[l], bad = users[l] - wins[l];
    const double s = bad * per_rest[l] - good * per_x[l];
    const double f = exp_from_above(log_norm[l] + good * log_x[l] + bad * log_rest[l]);
    const bool is_tangent = f < s;
    slope[l] = is_tangent ? s : 0;
    density[l] = f;
    keeps[l] = f * 0x1p16 > halves[l] * slope[l] ? 1 : 0;
  }
}

class ThompsonMany final : public Chooser {
 public:
  ThompsonMany(int arms, int lanes) : arms_(arms), lanes_(lanes) {
    for (Table<double>* table : {&log_norm_, &mean_}) table->assign(arms, lanes);
    for (Table<double>* table : {&growth_, &new_mean_, &best_, &a_, &b_, &x_, &log_x_, &log_rest_, &slope_,
                                 &density_, &norm_, &per_x_, &per_rest_})
      table->assign(1, lanes);
    for (Table<i32>* table : {&users_, &wins_, &last_wins_, &leader_, &keeps_}) table->assign(1, lanes);
    wins_before_.assign(arms, lanes);
    halves_.assign(1, lanes);
  }

  void learn(const Known& known) override {
    known_ = &known;
    if (known.changed != nullptr)
      renew_changed(known);
    else
      renew_all(known);
    best_.assign(1, lanes_, -1.0);
    for (int arm = 0; arm < arms_; ++arm) challenge(arm, mean_.row(arm), best_.row(0), x_.row(0), lanes_);
    to_whole(x_.row(0), leader_.row(0), lanes_);
    const i32* leader = leader_.row(0);
    pick_changed(
        arms_, kFewArms, leader, [&](int arm) { return known.users(arm); }, users_.row(0), lanes_);
    pick_changed(
        arms_, kFewArms, leader, [&](int arm) { return known.wins(arm); }, wins_.row(0), lanes_);
    find_parameters(users_.row(0), wins_.row(0), a_.row(0), b_.row(0), lanes_);
  }

  void choose(const ChoicePlace& place, i32* arm) override {
    sample_beta(place.choice, {place.user, choice_row::kPosterior, 0}, a_.span(0), b_.span(0), x_.span(0));
    const Drawn drawn{x_.row(0), log_x_.row(0), log_rest_.row(0), per_x_.row(0), per_rest_.row(0)};
    prepare(drawn, lanes_);
    std::copy_n(leader_.row(0), lanes_, arm);
    std::copy_n(x_.row(0), lanes_, best_.row(0));
    for (int other = 0; other < arms_; ++other) {
      place.choice.random->fill_halves(place.choice.first_replication, tail_address(place, other),
                                       halves_.span(0));
      bound_tail(drawn, log_norm_.row(other), known_->users(other), known_->wins(other), halves_.row(0),
                 slope_.row(0), density_.row(0), keeps_.row(0), lanes_);
      let_draw(place, other, arm);
    }
  }

  void choose_many(const ChoicePlace& place, i32 users, Table<i32>& counts) override {
    choose_by_best(*this, place, users, counts);
  }

  void tell_chances(Table<double>& chance) override {
    tell_best(chance, [this](int arm, int l) { return posterior(arm, l); });
  }

 private:
  static Address tail_address(const ChoicePlace& place, int arm) {
    return {place.user, choice_row::kTail + static_cast<u32>(arm), 0};
  }

  BetaPosterior posterior(int arm, int lane) const {
    const double wins = known_->wins(arm)[lane];
    return {wins + 1, known_->users(arm)[lane] - wins + 1};
  }

  void renew_all(const Known& known) {
    for (int arm = 0; arm < arms_; ++arm) {
      std::copy_n(known.wins(arm), lanes_, wins_before_.row(arm));
      for (int l = 0; l < lanes_; ++l) {
        const BetaPosterior p = posterior(arm, l);
        mean_.row(arm)[l] = p.a / (p.a + p.b);
        log_norm_.row(arm)[l] = known.users(arm)[l] > 0 ? -math::log_beta(p.a, p.b) : 0;
      }
    }
  }

  void renew_changed(const Known& known) {
    const i32* changed = known.changed;
    const auto users_of = [&](int arm) { return known.users(arm); };
    const auto wins_of = [&](int arm) { return known.wins(arm); };
    pick_changed(arms_, kFewArms, changed, users_of, users_.row(0), lanes_);
    pick_changed(arms_, kFewArms, changed, wins_of, wins_.row(0), lanes_);
    const auto wins_before = [&](int arm) { return wins_before_.row(arm); };
    pick_changed(arms_, kFewArms, changed, wins_before, last_wins_.row(0), lanes_);
    const auto norms = [&](int arm) { return log_norm_.row(arm); };
    pick_changed(arms_, kFewArms, changed, norms, norm_.row(0), lanes_);
    follow(users_.row(0), wins_.row(0), last_wins_.row(0), growth_.row(0), new_mean_.row(0), lanes_);
    add_growth(growth_.row(0), norm_.row(0), lanes_);
    put_changed(arms_, kFewArms, changed, wins_.row(0), wins_before_);
    put_changed(arms_, kFewArms, changed, norm_.row(0), log_norm_);
    put_changed(arms_, kFewArms, changed, new_mean_.row(0), mean_);
  }

  /// Lets an arm draw in the lanes where its word lies below the bound.
  void let_draw(const ChoicePlace& place, int other, i32* arm) {
    constexpr int kGroup = 16;
    const i32 *keeps = keeps_.row(0), *leader = leader_.row(0);
    for (int first = 0; first < lanes_; first += kGroup) {
      const int last = std::min(first + kGroup, lanes_);
      i32 any = 0;
      for (int l = first; l < last; ++l) any |= keeps[l];
      for (int l = first; any != 0 && l < last; ++l)
        if (keeps[l] != 0 && leader[l] != other) draw_lane(place, other, l, arm);
    }
  }

  void draw_lane(const ChoicePlace& place, int other, int lane, i32* arm) {
    const LaneSource source = shifted(place.choice, lane);
    const double slope = slope_.row(0)[lane], bound = slope > 0 ? density_.row(0)[lane] / slope : 1;
    const double left = bound * 0x1p16 - halves_.row(0)[lane];
    const Address tail = tail_address(place, other);
    if (left < 1 && source.random->word(source.first_replication, later(tail, 1)) >= left * 0x1p32) return;
    const double theta =
        slope > 0 ? draw_beyond(place, other, lane) : draw_whole(source, place.user, other, lane);
    if (theta <= best_.row(0)[lane]) return;
    best_.row(0)[lane] = theta;
    arm[lane] = other;
  }

  double draw_whole(LaneSource source, u32 user, int other, int lane) const {
    const BetaPosterior p = posterior(other, lane);
    double theta = 0;
    sample_beta(source, {user, choice_row::kSurvivor + static_cast<u32>(other), 0}, {&p.a, 1}, {&p.b, 1},
                {&theta, 1});
    return theta;
  }

  /// A draw from the tangent beyond x, or 0 if it is not accepted: then the arm lies below x. Its four words
  /// are one block of their own, {replication, user, row} under the key of ties, whose rows are others.
  double draw_beyond(const ChoicePlace& place, int other, int lane) const {
    const u64 replication = place.tie.first_replication + static_cast<u64>(lane);
    const auto words = philox({static_cast<u32>(replication), static_cast<u32>(replication >> 32), place.user,
                               choice_row::kSurvivor + static_cast<u32>(other)},
                              place.tie.random->key());
    const auto uniform = [&](std::size_t i) {
      return (static_cast<double>(words[i]) * 0x1p32 + static_cast<double>(words[i + 1]) + 0.5) * 0x1p-64;
    };
    const double x = x_.row(0)[lane], step = -lane_log(uniform(0)) / slope_.row(0)[lane];
    const double y = x + step;
    if (y >= 1) return 0;
    const double good = known_->wins(other)[lane], bad = known_->users(other)[lane] - good;
    const double log_density = log_norm_.row(other)[lane] + good * lane_log(y) + bad * lane_log(1 - y);
    const double log_ratio = log_density + slope_.row(0)[lane] * step - lane_log(density_.row(0)[lane]);
    return lane_log(uniform(2)) < log_ratio ? y : 0;
  }

  int arms_, lanes_;
  const Known* known_ = nullptr;
  Table<double> log_norm_, mean_;                          // [arm][lane]
  Table<i32> wins_before_;                                 // [arm][lane] at the last round
  Table<double> growth_, norm_, new_mean_, best_, a_, b_;  // [0][lane]
  Table<double> x_, log_x_, log_rest_, per_x_, per_rest_;  // [0][lane] the leader's draw
  Table<double> slope_, density_;                          // [0][lane] of one arm
  Table<i32> users_, wins_, last_wins_, leader_, keeps_;   // [0][lane]
  Table<u16> halves_;                                      // [0][lane]
};

}  // namespace

std::unique_ptr<Chooser> make_thompson_many(int arms, int lanes) {
  return std::make_unique<ThompsonMany>(arms, lanes);
}

}  // namespace windtunnel

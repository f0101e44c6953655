#include "thompson_pair.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "windtunnel/core/math.hpp"
#include "windtunnel/design/posterior.hpp"

namespace windtunnel {

namespace {

/// Totals of both arms, [lane].
struct PairTotals {
  const i32 *users0, *wins0, *users1, *wins1;
};

/// One more user of arm changed[l] in every lane; `wins` are those of both arms before.
void follow(const PairTotals totals, const i32* __restrict changed, i32* __restrict wins,
            double* __restrict g, double* __restrict h, int lanes) {
  const i32* __restrict users0 = totals.users0;
  const i32* __restrict wins0 = totals.wins0;
  const i32* __restrict users1 = totals.users1;
  const i32* __restrict wins1 = totals.wins1;
  for (int l = 0; l < lanes; ++l) {
    const i32 all_wins = wins0[l] + wins1[l], all_users = users0[l] + users1[l];
    const bool won = all_wins > wins[l], second = changed[l] != 0;
    const i32 arm_users = second ? users1[l] : users0[l], arm_wins = second ? wins1[l] : wins0[l];
    const i32 same_all = won ? all_wins : all_users - all_wins;
    const i32 same_arm = won ? arm_wins : arm_users - arm_wins;
    wins[l] = all_wins;
    // As they were before this user: priors count one of each kind and arm.
    const double x = same_arm, m = same_all + 1, n = arm_users + 1, total = all_users + 3;
    const double ratio = h[l] / (x * total);
    const double change = ratio * total;
    g[l] += won != second ? change : -change;
    h[l] = ratio * (m * n);
  }
}

/// Picks arm 0 where a word / 2^32 lies below g.
///   returns  how many lanes need more than 32 bits
int compare(const u32* __restrict words, const double* __restrict g, i32* __restrict arm, int lanes) {
  int ties = 0;
  for (int l = 0; l < lanes; ++l) {
    const double left = g[l] * 0x1p32 - words[l];
    arm[l] = left > 0 ? 0 : 1;
    ties += left > 0 && left < 1 ? 1 : 0;
  }
  return ties;
}

class ThompsonPair final : public Chooser {
 public:
  explicit ThompsonPair(int lanes)
      : g_(1, lanes, 0.5), h_(1, lanes, 1.0 / 6), wins_(1, lanes), words_(1, lanes) {}

  void learn(const Known& known) override {
    const PairTotals totals{known.users(0), known.wins(0), known.users(1), known.wins(1)};
    if (known.changed != nullptr)
      return follow(totals, known.changed, wins_.row(0), g_.row(0), h_.row(0), known.lanes);
    for (int l = 0; l < known.lanes && known.time > 0; ++l) start_from(totals, l);
  }

  void choose(const ChoicePlace& place, i32* arm) override {
    const LaneSource source = place.choice;
    const Address address{place.user, choice_row::kChoice, 0};
    source.random->fill(source.first_replication, address, words_.span(0));
    const int lanes = words_.lanes();
    const u32* words = words_.row(0);
    const double* g = g_.row(0);
    if (compare(words, g, arm, lanes) == 0) return;
    for (int l = 0; l < lanes; ++l) {
      const double left = g[l] * 0x1p32 - words[l];
      if (!(left > 0 && left < 1)) continue;
      const u32 next = source.random->word(source.first_replication + static_cast<u64>(l), later(address, 1));
      arm[l] = next < left * 0x1p32 ? 0 : 1;
    }
  }

  void choose_many(const ChoicePlace& place, i32 users, Table<i32>& counts) override {
    const int lanes = words_.lanes();
    Table<double> probability(2, lanes);
    tell_chances(probability);
    const std::vector<i32> all(static_cast<std::size_t>(lanes), users);
    split_users(place.choice, place.user, choice_row::kMany, probability, all, counts);
  }

  void tell_chances(Table<double>& chance) override {
    for (int l = 0; l < chance.lanes(); ++l) {
      chance.row(0)[l] = std::clamp(g_.row(0)[l], 0.0, 1.0);
      chance.row(1)[l] = 1 - chance.row(0)[l];
    }
  }

 private:
  /// g and h of one lane from nothing but its totals.
  void start_from(const PairTotals& totals, int l) {
    const double a = totals.wins0[l] + 1, b = totals.users0[l] - totals.wins0[l] + 1;
    const double c = totals.wins1[l] + 1, d = totals.users1[l] - totals.wins1[l] + 1;
    g_.row(0)[l] = probability_better(BetaPosterior{a, b}, BetaPosterior{c, d});
    h_.row(0)[l] = math::exp(math::log_beta(a + c, b + d) - math::log_beta(a, b) - math::log_beta(c, d));
    wins_.row(0)[l] = totals.wins0[l] + totals.wins1[l];
  }

  Table<double> g_, h_;  // [0][lane]
  Table<i32> wins_;      // [0][lane] of both arms when g was found
  Table<u32> words_;     // [0][lane]
};

}  // namespace

std::unique_ptr<Chooser> make_thompson_pair(int lanes) {
  return std::make_unique<ThompsonPair>(lanes);
}

}  // namespace windtunnel

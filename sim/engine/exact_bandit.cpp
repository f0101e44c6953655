#include "windtunnel/engine/exact_bandit.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace windtunnel {

namespace {

constexpr int kMostUsers = 200;
constexpr int kLanes = 2048;  // totals the policy is asked about at a time

void check_users(int users) {
  if (users < 1 || users > kMostUsers)
    throw std::invalid_argument(std::to_string(users) + " users cannot be solved (needs 1 <= users <= 200)");
}

/// Totals of two arms after t users.
struct Totals {
  int n0, s0, s1;
};

/// Numbers the totals after t users: by users of arm 0, then its successes, then those of arm 1.
class Lattice {
 public:
  explicit Lattice(int t) : t_(t) {
    int first = 0;
    for (int n0 = 0; n0 <= t; ++n0) {
      first_.push_back(first);
      first += (n0 + 1) * (t - n0 + 1);
    }
    first_.push_back(first);
  }

  int size() const { return first_.back(); }
  std::size_t place(Totals x) const {
    return static_cast<std::size_t>(first_[static_cast<std::size_t>(x.n0)] + x.s0 * (t_ - x.n0 + 1) + x.s1);
  }

  /// Calls visit(totals, place) for all, in the order of places.
  template <class Visit>
  void for_all(Visit visit) const {
    std::size_t at = 0;
    for (int n0 = 0; n0 <= t_; ++n0)
      for (int s0 = 0; s0 <= n0; ++s0)
        for (int s1 = 0; s1 <= t_ - n0; ++s1) visit(Totals{n0, s0, s1}, at++);
  }

 private:
  int t_;
  std::vector<int> first_;  // [users of arm 0] place of the first of its totals
};

/// Chances of arm 0 at all totals after t users.
std::vector<double> chances(const PolicyPlan& plan, int t, const Lattice& lattice) {
  std::vector<double> chance;
  Observed observed;
  Allocation allocation;
  int lane = 0, left = lattice.size();
  const auto ask = [&] {
    const Step step{t, 0, 0, t, t + 1, true, t + 1};
    plan.open(0, observed.lanes)->allocate(step, observed, allocation);
    const auto row = allocation.chances.span(0);
    chance.insert(chance.end(), row.begin(), row.end());
  };
  lattice.for_all([&](Totals x, std::size_t) {
    if (lane == 0) observed.begin(2, std::min(kLanes, left), {Channel::users, Channel::successes});
    observed.users.row(0)[lane] = x.n0;
    observed.users.row(1)[lane] = t - x.n0;
    observed.successes.row(0)[lane] = x.s0;
    observed.successes.row(1)[lane] = x.s1;
    --left;
    if (++lane < observed.lanes) return;
    ask();
    lane = 0;
  });
  return chance;
}

}  // namespace

ExactBandit exact_bandit(const Policy& policy, std::array<double, 2> rates, int users) {
  check_users(users);
  if (policy.learning() == nullptr || !policy.forgets_order())
    throw std::invalid_argument("the policy's chances do not follow from totals alone");
  const auto plan = policy.plan(Timeline(), {.seed = 1,
                                             .arms = 2,
                                             .planned_users = users,
                                             .offers = {Channel::users, Channel::successes},
                                             .tells_chances = true});
  const double best = std::max(rates[0], rates[1]);
  ExactBandit result{{0}, {0, 0}};
  std::vector<double> now{1};
  for (int t = 0; t < users; ++t) {
    const Lattice lattice(t), later(t + 1);
    const std::vector<double> chance = chances(*plan, t, lattice);
    std::vector<double> next(static_cast<std::size_t>(later.size()));
    double loss = 0;
    lattice.for_all([&](Totals x, std::size_t at) {
      const double first = now[at] * chance[at], second = now[at] * (1 - chance[at]);
      loss += first * (best - rates[0]) + second * (best - rates[1]);
      next[later.place({x.n0 + 1, x.s0 + 1, x.s1})] += first * rates[0];
      next[later.place({x.n0 + 1, x.s0, x.s1})] += first * (1 - rates[0]);
      next[later.place({x.n0, x.s0, x.s1 + 1})] += second * rates[1];
      next[later.place({x.n0, x.s0, x.s1})] += second * (1 - rates[1]);
    });
    result.regret.push_back(result.regret.back() + loss);
    now = std::move(next);
  }
  std::array<double, 2> given{0, 0};
  Lattice(users).for_all([&](Totals x, std::size_t at) {
    const int n1 = users - x.n0;
    if (x.n0 > 0) given[0] += now[at];
    if (x.n0 > 0) result.arm_mean[0] += now[at] * x.s0 / x.n0;
    if (n1 > 0) given[1] += now[at];
    if (n1 > 0) result.arm_mean[1] += now[at] * x.s1 / n1;
  });
  for (std::size_t a = 0; a < 2; ++a) result.arm_mean[a] /= given[a];
  return result;
}

double bayes_optimal_successes(int users) {
  check_users(users);
  std::vector<double> later(static_cast<std::size_t>(Lattice(users).size()));
  for (int t = users - 1; t >= 0; --t) {
    const Lattice lattice(t), after(t + 1);
    std::vector<double> now(static_cast<std::size_t>(lattice.size()));
    lattice.for_all([&](Totals x, std::size_t at) {
      const double p0 = (x.s0 + 1.0) / (x.n0 + 2.0), p1 = (x.s1 + 1.0) / (t - x.n0 + 2.0);
      const double first = p0 * (1 + later[after.place({x.n0 + 1, x.s0 + 1, x.s1})]) +
                           (1 - p0) * later[after.place({x.n0 + 1, x.s0, x.s1})];
      const double second = p1 * (1 + later[after.place({x.n0, x.s0, x.s1 + 1})]) +
                            (1 - p1) * later[after.place({x.n0, x.s0, x.s1})];
      now[at] = std::max(first, second);
    });
    later = std::move(now);
  }
  return later[0];
}

}  // namespace windtunnel

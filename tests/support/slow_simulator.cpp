#include "support/slow_simulator.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <stdexcept>

#include "support/slow_team.hpp"

namespace windtunnel {

void SlowSample::add(double x) {
  ++count;
  others += x != 0 ? 1 : 0;
  sum += x;
  squares += x * x;
}

double SlowSample::variance() const {
  const auto n = static_cast<double>(count);
  return std::max(0.0, (squares - sum * sum / n) / (n - 1));
}

double SlowSample::error() const {
  return std::sqrt(variance() / static_cast<double>(count));
}

std::vector<i64> slow_daily_looks(double users_per_day, int days, int every) {
  std::vector<i64> looks;
  for (int day = every; day <= days; day += every)
    looks.push_back(static_cast<i64>(std::floor(users_per_day * day)));
  const i64 end = static_cast<i64>(std::floor(users_per_day * days));
  if (looks.empty() || looks.back() != end) looks.push_back(end);
  return looks;
}

std::vector<i64> slow_user_looks(i64 end, i64 every, i64 from) {
  std::vector<i64> looks;
  for (i64 users = from; users < end; users += every) looks.push_back(users);
  looks.push_back(end);
  return looks;
}

namespace {

/// Largest-remainder shares of the first `users` users, ties to the lower index.
std::vector<i64> balanced_users(const std::vector<double>& shares, i64 users) {
  std::vector<i64> counts;
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t a = 0; a < shares.size(); ++a) {
    const double quota = shares[a] * static_cast<double>(users);
    counts.push_back(static_cast<i64>(std::floor(quota + 1e-9)));
    order.emplace_back(-std::round((quota - std::floor(quota + 1e-9)) * 1e6), a);
  }
  std::sort(order.begin(), order.end());
  i64 left = users - std::accumulate(counts.begin(), counts.end(), i64{0});
  for (std::size_t i = 0; left > 0; ++i, --left) ++counts[order[i].second];
  return counts;
}

/// Who is served what: between two looks exact shares in random order, or a coin for every user.
std::vector<int> assignments(const SlowWorld& world, const std::vector<SlowStrategy>& strategies,
                             std::mt19937_64& engine) {
  std::set<i64> looks;
  for (const SlowStrategy& s : strategies) looks.insert(s.looks.begin(), s.looks.end());
  std::vector<int> arms;
  if (world.assignment == SlowWorld::Assignment::coin) {
    std::discrete_distribution<int> coin(world.shares.begin(), world.shares.end());
    for (i64 user = 0; user < *looks.rbegin(); ++user) arms.push_back(coin(engine));
    return arms;
  }
  std::vector<i64> before(world.shares.size(), 0);
  for (i64 look : looks) {
    const std::vector<i64> after = balanced_users(world.shares, look);
    const auto start = static_cast<std::ptrdiff_t>(arms.size());
    for (std::size_t a = 0; a < after.size(); ++a) {
      if (after[a] < before[a]) throw std::logic_error("shares of this scenario would take users back");
      arms.insert(arms.end(), static_cast<std::size_t>(after[a] - before[a]), static_cast<int>(a));
    }
    std::shuffle(arms.begin() + start, arms.end(), engine);
    before = after;
  }
  return arms;
}

/// What hindsight says of one replication.
class Hindsight {
 public:
  Hindsight(const SlowWorld& world, std::vector<double> means) : world_(world), means_(std::move(means)) {
    best_ = world.direction * means_[0];
    for (double m : means_) best_ = std::max(best_, world.direction * m);
    horizon_ = static_cast<i64>(std::floor(world.users_per_day * (world.days + world.rollout_days)));
  }

  double gap(int arm) const { return best_ - world_.direction * means_[at(arm)]; }
  double lasting(int arm) const { return means_[at(arm)] - means_[0]; }
  double mean(int arm) const { return means_[at(arm)]; }
  int arms() const { return static_cast<int>(means_.size()); }
  i64 horizon() const { return horizon_; }

  /// Users in the order they came, until the end of the longest strategy.
  void serve(const std::vector<int>& served) {
    loss_.assign(1, 0);
    best_served_.assign(1, 0);
    value_.assign(1, 0);
    for (int arm : served) {
      loss_.push_back(loss_.back() + gap(arm));
      value_.push_back(value_.back() + mean(arm));
      best_served_.push_back(best_served_.back() + (gap(arm) == 0 ? 1 : 0));
    }
  }

  /// Loss of the first `users` users when everybody after `end` is served `arm`.
  double regret(i64 users, i64 end, int arm) const {
    if (users <= end) return loss_[static_cast<std::size_t>(users)];
    return loss_[static_cast<std::size_t>(end)] + static_cast<double>(users - end) * gap(arm);
  }

  /// Mean outcomes of everybody when everybody after `end` is served `arm`.
  double value(i64 end, int arm) const {
    return value_[static_cast<std::size_t>(end)] + static_cast<double>(horizon_ - end) * mean(arm);
  }

  double simple_regret(int arm) const {
    return *std::max_element(means_.begin(), means_.end(),
                             [this](double x, double y) { return world_.direction * (x - y) < 0; }) *
               world_.direction -
           world_.direction * mean(arm);
  }

  double best_share(i64 end, int arm) const {
    const double later = gap(arm) == 0 ? static_cast<double>(horizon_ - end) : 0;
    return (best_served_[static_cast<std::size_t>(end)] + later) / static_cast<double>(horizon_);
  }

  int days_begun(i64 users) const {
    int day = 0;
    while (static_cast<i64>(std::floor(world_.users_per_day * day)) < users) ++day;
    return day;
  }

 private:
  static std::size_t at(int arm) { return static_cast<std::size_t>(arm); }

  const SlowWorld& world_;
  std::vector<double> means_;
  double best_ = 0;
  i64 horizon_ = 0;
  std::vector<double> loss_, best_served_, value_;
};

using Numbers = std::map<std::string, double>;  // unconditional numbers of one replication

double one_if(bool condition) {
  return condition ? 1 : 0;
}

void measure_decision(const SlowEnding& e, const SlowStrategy& s, const SlowWorld& world,
                      const Hindsight& truth, Numbers& all, SlowMeasures& m) {
  const bool ships = e.end == SlowEnding::End::ship;
  const int served = ships ? e.arm : 0;
  const auto gain = [&](int k) {
    const double margin = s.margin.empty() ? 0 : s.margin[static_cast<std::size_t>(k - 1)];
    return world.direction * (truth.lasting(k) - margin);
  };
  bool some_good = false;
  double best_other = -1e300;
  for (int k = 1; k < truth.arms(); ++k) some_good |= gain(k) > 0;
  for (int k = 0; k < truth.arms(); ++k)
    if (k != served) best_other = std::max(best_other, world.direction * truth.lasting(k));
  const double of_served = world.direction * truth.lasting(served);
  if (s.rule != SlowStrategy::Rule::ship_leader) all["rejection_rate"] = one_if(e.rejected);
  all["ship_rate"] = one_if(ships);
  all["keep_rate"] = one_if(e.end == SlowEnding::End::keep);
  all["undecided_rate"] = one_if(e.end == SlowEnding::End::undecided);
  all["wrong_ship_rate"] = one_if(ships && gain(e.arm) <= 0);
  all["missed_rate"] = one_if(!ships && some_good);
  all["correct_rate"] = one_if(of_served >= best_other);
  if (s.rule != SlowStrategy::Rule::ship_leader)
    for (std::size_t k = 0; k < s.looks.size(); ++k)
      m[{"stop_by_look", std::to_string(k + 1)}].add(one_if(e.by_criterion && e.look <= static_cast<int>(k)));
  if (ships) {
    const double effect = truth.lasting(e.arm);
    m[{"false_discovery_rate", ""}].add(one_if(world.direction * effect <= 0));
    m[{"true_winner_share", ""}].add(one_if(world.direction * effect > 0));
    m[{"mean_effect_shipped", ""}].add(effect);
  }
  if (e.by_criterion) m[{"wrong_given_decision", ""}].add(one_if(!(of_served > best_other)));
}

void measure_estimate(const SlowEnding& e, const Hindsight& truth, SlowMeasures& m) {
  if (!e.has_estimate) return;
  const double effect = truth.lasting(e.arm);
  m[{"estimate_bias", ""}].add(e.estimate - effect);
  m[{"estimate_rmse", ""}].add((e.estimate - effect) * (e.estimate - effect));
  m[{"coverage", ""}].add(one_if(e.low <= effect && effect <= e.high));
  if (e.end == SlowEnding::End::ship) m[{"estimate_given_ship", ""}].add(e.estimate);
  if (e.rejected && effect != 0) {
    m[{"exaggeration", ""}].add(std::fabs(e.estimate / effect));
    m[{"sign_error", ""}].add(one_if(e.estimate * effect < 0));
  }
}

void measure_users(const SlowEnding& e, const Hindsight& truth, Numbers& all, SlowMeasures& m) {
  const int served = e.end == SlowEnding::End::ship ? e.arm : 0;
  all["mean_users"] = static_cast<double>(e.users);
  all["mean_days"] = truth.days_begun(e.users);
  all["regret"] = truth.regret(truth.horizon(), e.users, served);
  all["simple_regret"] = truth.simple_regret(served);
  all["total_value"] = truth.value(e.users, served);
  all["best_arm_share"] = truth.best_share(e.users, served);
  for (i64 decade = 1; decade <= truth.horizon(); decade *= 10)
    for (i64 point : {decade, 2 * decade, 5 * decade})
      if (point < truth.horizon())
        m[{"regret_curve", std::to_string(point)}].add(truth.regret(point, e.users, served));
  m[{"regret_curve", std::to_string(truth.horizon())}].add(all["regret"]);
  for (int a = 0; a < truth.arms(); ++a) {
    const SlowArm& arm = e.arms[static_cast<std::size_t>(a)];
    if (arm.n > 0) m[{"arm_mean_bias", std::to_string(a)}].add(arm.mean() - truth.mean(a));
  }
}

/// Lives through one replication.
void replicate(const SlowWorld& world, const std::vector<SlowStrategy>& strategies, std::mt19937_64& engine,
               SlowResult& result) {
  Hindsight truth(world, world.means(engine));
  const std::vector<int> served = assignments(world, strategies, engine);
  truth.serve(served);
  std::vector<SlowTeam> teams;
  for (const SlowStrategy& s : strategies) teams.emplace_back(s, world, truth.arms());
  std::vector<SlowArm> arms(static_cast<std::size_t>(truth.arms()));
  i64 users = 0;
  for (int arm : served) {
    const double mean = truth.mean(arm);
    const double y = world.sd ? std::normal_distribution<double>(mean, *world.sd)(engine)
                              : one_if(std::bernoulli_distribution(mean)(engine));
    arms[static_cast<std::size_t>(arm)].add(y);
    ++users;
    for (SlowTeam& team : teams) team.see(users, arms);
  }
  std::vector<Numbers> numbers(strategies.size());
  for (std::size_t s = 0; s < strategies.size(); ++s) {
    const SlowEnding& ending = teams[s].ending();
    measure_decision(ending, strategies[s], world, truth, numbers[s], result.strategies[s]);
    measure_estimate(ending, truth, result.strategies[s]);
    measure_users(ending, truth, numbers[s], result.strategies[s]);
    for (const auto& [name, x] : numbers[s]) result.strategies[s][{name, ""}].add(x);
    ++result.endings[s][ending.users];
  }
  for (std::size_t s = 0; s < strategies.size(); ++s)
    for (std::size_t v = s + 1; v < strategies.size(); ++v)
      for (const auto& [name, x] : numbers[s])
        if (const auto other = numbers[v].find(name); other != numbers[v].end())
          result.pairs[{static_cast<int>(s), static_cast<int>(v), name}].add(x - other->second);
}

}  // namespace

SlowResult slow_simulation(const SlowWorld& world, const std::vector<SlowStrategy>& strategies,
                           i64 replications, unsigned seed) {
  std::mt19937_64 engine(seed);
  SlowResult result;
  result.strategies.resize(strategies.size());
  result.endings.resize(strategies.size());
  for (i64 r = 0; r < replications; ++r) replicate(world, strategies, engine, result);
  return result;
}

}  // namespace windtunnel

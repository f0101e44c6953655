#include "support/slow_simulator.hpp"

#include <algorithm>
#include <cmath>

#include "support/slow_hindsight.hpp"
#include "support/slow_team.hpp"
#include "support/slow_view.hpp"

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

using Numbers = std::map<std::string, double>;  // unconditional numbers of one replication

double one_if(bool condition) {
  return condition ? 1 : 0;
}

void measure_decision(const SlowEnding& e, const SlowStrategy& s, const SlowWorld& world,
                      const SlowHindsight& truth, Numbers& all, SlowMeasures& m) {
  const bool ships = e.end == SlowEnding::End::ship;
  const int served = ships ? e.arm : 0;
  const auto gain = [&](int k) {
    const double margin = s.margin.empty() ? 0 : s.margin[static_cast<std::size_t>(k - 1)];
    return world.direction * (truth.lasting(-1, k) - margin);
  };
  bool some_good = false;
  double best_other = -1e300;
  for (int k = 1; k < truth.arms(); ++k) some_good |= gain(k) > 0;
  for (int k = 0; k < truth.arms(); ++k)
    if (k != served) best_other = std::max(best_other, world.direction * truth.lasting(-1, k));
  const double of_served = world.direction * truth.lasting(-1, served);
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
    const double effect = truth.lasting(s.segment, e.arm);
    m[{"false_discovery_rate", ""}].add(one_if(world.direction * effect <= 0));
    m[{"true_winner_share", ""}].add(one_if(world.direction * effect > 0));
    m[{"mean_effect_shipped", ""}].add(effect);
  }
  if (e.by_criterion) m[{"wrong_given_decision", ""}].add(one_if(!(of_served > best_other)));
}

void measure_estimate(const SlowEnding& e, const SlowStrategy& s, const SlowHindsight& truth,
                      SlowMeasures& m) {
  if (!e.has_estimate) return;
  const double effect = truth.lasting(s.segment, e.arm);
  m[{"estimate_bias", ""}].add(e.estimate - effect);
  m[{"estimate_rmse", ""}].add((e.estimate - effect) * (e.estimate - effect));
  m[{"coverage", ""}].add(one_if(e.low <= effect && effect <= e.high));
  if (e.end == SlowEnding::End::ship) m[{"estimate_given_ship", ""}].add(e.estimate);
  if (e.rejected && effect != 0) {
    m[{"exaggeration", ""}].add(std::fabs(e.estimate / effect));
    m[{"sign_error", ""}].add(one_if(e.estimate * effect < 0));
  }
}

void measure_users(const SlowEnding& e, const SlowHindsight& truth, Numbers& all, SlowMeasures& m) {
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
    if (arm.n > 0) m[{"arm_mean_bias", std::to_string(a)}].add(arm.mean() - truth.mean_of_users(e.users, a));
  }
}

/// Lives through one replication.
void replicate(const SlowWorld& world, const std::vector<SlowStrategy>& strategies, std::mt19937_64& engine,
               SlowResult& result) {
  const std::vector<double> means = world.means(engine);
  const std::vector<SlowUser> users = slow_users(world, means, strategies, engine);
  const SlowHindsight truth(world, means, users);
  std::vector<SlowTeam> teams;
  for (const SlowStrategy& s : strategies) teams.emplace_back(s, world, truth.arms());
  std::vector<SlowUser> come;
  for (const SlowUser& user : users) {
    come.push_back(user);
    const auto count = static_cast<i64>(come.size());
    for (std::size_t s = 0; s < teams.size(); ++s)
      if (teams[s].looks_at(count))
        teams[s].see(count, slow_panels(world, strategies[s], come, user.day),
                     slow_view(world, {}, come, user.day));
  }
  std::vector<Numbers> numbers(strategies.size());
  for (std::size_t s = 0; s < strategies.size(); ++s) {
    const SlowEnding& ending = teams[s].ending();
    measure_decision(ending, strategies[s], world, truth, numbers[s], result.strategies[s]);
    measure_estimate(ending, strategies[s], truth, result.strategies[s]);
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

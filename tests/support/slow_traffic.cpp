#include "support/slow_traffic.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <stdexcept>

namespace windtunnel {

i64 slow_users_after(const SlowWorld& world, int days) {
  double users = 0;
  for (int day = 0; day < days; ++day)
    users +=
        world.users_per_day *
        (world.traffic.empty() ? 1 : world.traffic[static_cast<std::size_t>(day) % world.traffic.size()]);
  return static_cast<i64>(std::floor(users + 1e-9));
}

bool slow_is_open(const SlowWorld& world, int day) {
  return day < world.days && slow_users_after(world, day) < slow_users_after(world, day + 1);
}

namespace {

double mean_of_kind(const SlowWorld& world, const std::vector<double>& means, int arm, int day,
                    std::size_t kind) {
  return world.mean ? world.mean(means, arm, day, kind) : means[static_cast<std::size_t>(arm)];
}

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

int toss(const std::vector<double>& weights, std::mt19937_64& engine) {
  return std::discrete_distribution<int>(weights.begin(), weights.end())(engine);
}

/// Who is assigned where: exact shares between two looks and on every day, in random order, or by a coin for
/// every user.
std::vector<int> assignments(const SlowWorld& world, const std::vector<SlowStrategy>& strategies,
                             std::mt19937_64& engine) {
  std::set<i64> cuts;
  for (const SlowStrategy& s : strategies) cuts.insert(s.looks.begin(), s.looks.end());
  const i64 end = *cuts.rbegin();
  std::vector<int> arms;
  if (world.assignment == SlowWorld::Assignment::coin) {
    for (i64 user = 0; user < end; ++user) arms.push_back(toss(world.shares, engine));
    return arms;
  }
  for (int day = 1; day < world.days; ++day) cuts.insert(std::min(end, slow_users_after(world, day)));
  std::vector<i64> before(world.shares.size(), 0);
  for (i64 cut : cuts) {
    const std::vector<i64> after = balanced_users(world.shares, cut);
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

double toss_normal(std::mt19937_64& engine) {
  return std::normal_distribution<double>()(engine);
}

/// Beta(a, b) as a share of two gamma variates.
double toss_beta(double a, double b, std::mt19937_64& engine) {
  const double x = std::gamma_distribution<double>(a)(engine), y = std::gamma_distribution<double>(b)(engine);
  return x / (x + y);
}

/// Outcomes of a user's requests: a random intercept, or a rate of the user's own.
std::vector<double> toss_requests(const SlowWorld& world, double mean, std::mt19937_64& engine) {
  int count = world.requests;
  if (world.requests_vary) count = 1 + std::poisson_distribution<int>(world.requests - 1)(engine);
  const double spread = 1 / world.icc - 1;
  const double own = world.sd ? mean + *world.sd * std::sqrt(world.icc) * toss_normal(engine)
                              : toss_beta(mean * spread, (1 - mean) * spread, engine);
  std::vector<double> outcomes;
  for (int i = 0; i < count; ++i)
    outcomes.push_back(world.sd ? own + *world.sd * std::sqrt(1 - world.icc) * toss_normal(engine)
                                : (std::bernoulli_distribution(own)(engine) ? 1 : 0));
  return outcomes;
}

/// Metrics that share a factor with one another and with the outcome, whose distance from its mean is
/// `residual` standard deviations.
std::vector<double> toss_metrics(const SlowWorld& world, double lead, double residual,
                                 std::mt19937_64& engine) {
  const double with = std::sqrt(world.metric_correlation), without = std::sqrt(1 - world.metric_correlation);
  const double factor = with * residual + without * toss_normal(engine);
  std::vector<double> metrics;
  for (int m = 0; m < world.metrics; ++m)
    metrics.push_back(world.metric_effects[static_cast<std::size_t>(m)] * lead + with * factor +
                      without * toss_normal(engine));
  return metrics;
}

/// One visit of a user; what is seen of several requests without telling them apart is their mean or, of
/// outcomes of 0 and 1, the first.
SlowUser::Visit visit(const SlowWorld& world, double mean, double lead, std::mt19937_64& engine) {
  SlowUser::Visit visit;
  if (world.requests > 0) {
    visit.requests = toss_requests(world, mean, engine);
    const double sum = std::accumulate(visit.requests.begin(), visit.requests.end(), 0.0);
    visit.outcome = world.sd ? sum / static_cast<double>(visit.requests.size()) : visit.requests.front();
  } else {
    visit.outcome = world.sd ? std::normal_distribution<double>(mean, *world.sd)(engine)
                             : (std::bernoulli_distribution(mean)(engine) ? 1 : 0);
  }
  if (world.metrics > 0)
    visit.metrics = toss_metrics(world, lead, (visit.outcome - mean) / *world.sd, engine);
  return visit;
}

/// Lives one user's life to the end of the experiment.
SlowUser live(const SlowWorld& world, const std::vector<double>& means, int arm, int day,
              std::mt19937_64& engine) {
  SlowUser user{.arm = world.true_shares.empty() ? arm : toss(world.true_shares, engine), .day = day};
  std::vector<double> kinds;
  for (std::size_t kind = 0; kind < world.kinds.size(); ++kind) kinds.push_back(world.share(kind, user.arm));
  if (kinds.size() > 1) user.kind = static_cast<std::size_t>(toss(kinds, engine));
  if (!world.lost.empty())
    user.is_seen = !std::bernoulli_distribution(world.lost[static_cast<std::size_t>(user.arm)])(engine);
  const int served = world.kinds[user.kind].leaks ? 1 - user.arm : user.arm;
  const double lead = means[static_cast<std::size_t>(served)] - means[0];
  for (int later = day; later < world.days; ++later) {
    if (later > day &&
        (!slow_is_open(world, later) || !std::bernoulli_distribution(world.return_probability)(engine)))
      continue;
    const double mean = mean_of_kind(world, means, user.arm, later, user.kind);
    user.visits.push_back(visit(world, mean, lead, engine));
    if (later == day && world.sd) {
      const double rest = std::sqrt(1 - world.correlation * world.correlation);
      user.covariate = (served > 0 ? world.shift : 0) +
                       world.correlation * (user.visits.back().outcome - mean) / *world.sd +
                       rest * toss_normal(engine);
    }
    user.visits.back().known_on = later + (world.lag ? world.lag(engine) : 0);
  }
  return user;
}

}  // namespace

double slow_mean(const SlowWorld& world, const std::vector<double>& means, int arm, int day) {
  double mean = 0;
  for (std::size_t kind = 0; kind < world.kinds.size(); ++kind)
    mean += world.share(kind, arm) * mean_of_kind(world, means, arm, day, kind);
  return mean;
}

std::vector<SlowUser> slow_users(const SlowWorld& world, const std::vector<double>& means,
                                 const std::vector<SlowStrategy>& strategies, std::mt19937_64& engine) {
  std::vector<SlowUser> users;
  const std::vector<int> arms = assignments(world, strategies, engine);
  for (int day = 0; users.size() < arms.size(); ++day)
    for (const i64 end = slow_users_after(world, day + 1);
         static_cast<i64>(users.size()) < end && users.size() < arms.size();)
      users.push_back(live(world, means, arms[users.size()], day, engine));
  return users;
}

}  // namespace windtunnel

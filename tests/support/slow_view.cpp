#include "support/slow_view.hpp"

#include <algorithm>
#include <numeric>

namespace windtunnel {

namespace {

/// Whom a strategy analyses.
std::vector<const SlowUser*> seen_by(const SlowWorld& world, const SlowStrategy& strategy,
                                     const std::vector<SlowUser>& come, int today) {
  std::vector<const SlowUser*> seen;
  for (const SlowUser& user : come) {
    if (!user.is_seen || (strategy.segment >= 0 && world.kinds[user.kind].segment != strategy.segment))
      continue;
    if (today - user.day >= strategy.follow_up_days) seen.push_back(&user);
  }
  return seen;
}

/// Every request as a user, or (delta method) every user with the part its requests have in their mean R:
/// R + (S - M R)/(mean of M).
std::vector<SlowArm> view_of_requests(const SlowWorld& world, const std::vector<const SlowUser*>& seen,
                                      bool by_user) {
  std::vector<SlowArm> requests(world.shares.size()), users(world.shares.size());
  std::vector<double> count(world.shares.size(), 0);
  for (const SlowUser* user : seen) {
    for (double outcome : user->visits[0].requests)
      requests[static_cast<std::size_t>(user->arm)].add(outcome);
    count[static_cast<std::size_t>(user->arm)] += 1;
  }
  if (!by_user) return requests;
  for (const SlowUser* user : seen) {
    const auto arm = static_cast<std::size_t>(user->arm);
    const std::vector<double>& own = user->visits[0].requests;
    const double ratio = requests[arm].mean(), per_user = requests[arm].n / count[arm];
    const double sum = std::accumulate(own.begin(), own.end(), 0.0);
    users[arm].add(ratio + (sum - static_cast<double>(own.size()) * ratio) / per_user);
  }
  return users;
}

/// What is known of a user's outcome or of a metric.
double known_value(const SlowUser& user, int today, int metric) {
  double value = 0;
  for (const SlowUser::Visit& visit : user.visits)
    if (visit.known_on <= today)
      value += metric < 0 ? visit.outcome : visit.metrics[static_cast<std::size_t>(metric)];
  return value;
}

}  // namespace

std::vector<SlowArm> slow_view(const SlowWorld& world, const SlowStrategy& strategy,
                               const std::vector<SlowUser>& come, int today, int metric) {
  const std::vector<const SlowUser*> seen = seen_by(world, strategy, come, today);
  if (strategy.unit != SlowStrategy::Unit::visit)
    return view_of_requests(world, seen, strategy.unit == SlowStrategy::Unit::user);
  std::vector<double> values;
  for (const SlowUser* user : seen) values.push_back(known_value(*user, today, metric));
  const auto arms_of = [&](auto number) {
    std::vector<SlowArm> arms(world.shares.size());
    for (std::size_t i = 0; i < seen.size(); ++i) arms[static_cast<std::size_t>(seen[i]->arm)].add(number(i));
    return arms;
  };
  std::vector<SlowArm> arms = arms_of([&](std::size_t i) { return values[i]; });
  if (!strategy.cuped) return arms;
  const std::vector<SlowArm> covariates = arms_of([&](std::size_t i) { return seen[i]->covariate; });
  constexpr double kFewestDegrees = 16;
  double products = 0, squares = 0, degrees = 0;
  for (const SlowArm& arm : arms) degrees += std::max(0.0, arm.n - 1.0);
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const auto arm = static_cast<std::size_t>(seen[i]->arm);
    const double off = seen[i]->covariate - covariates[arm].mean();
    products += off * (values[i] - arms[arm].mean());
    squares += off * off;
  }
  const double theta = degrees >= kFewestDegrees && squares > 0 ? products / squares : 0;
  return arms_of([&](std::size_t i) { return values[i] - theta * seen[i]->covariate; });
}

std::vector<std::vector<SlowArm>> slow_panels(const SlowWorld& world, const SlowStrategy& strategy,
                                              const std::vector<SlowUser>& come, int today) {
  std::vector<std::vector<SlowArm>> panels;
  const int metrics = strategy.decide == SlowStrategy::Decide::primary ? 0 : world.metrics;
  for (int metric = -1; metric < metrics; ++metric)
    panels.push_back(slow_view(world, strategy, come, today, metric));
  return panels;
}

}  // namespace windtunnel

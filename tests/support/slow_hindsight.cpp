#include "support/slow_hindsight.hpp"

#include <algorithm>

namespace windtunnel {

SlowHindsight::SlowHindsight(const SlowWorld& world, std::vector<double> means,
                             const std::vector<SlowUser>& users)
    : world_(world),
      means_(std::move(means)),
      users_(users),
      horizon_(slow_users_after(world, world.days + world.rollout_days)),
      mean_(means_.size()) {
  for (int arm = 0; arm < arms(); ++arm)
    for (int day = 0; day < world.days + world.rollout_days; ++day)
      mean_[static_cast<std::size_t>(arm)].push_back(slow_mean(world, means_, arm, day));
  std::vector<int> served;
  for (const SlowUser& user : users) served.push_back(user.arm);
  add_up(served, loss_, best_);
  for (int arm = 0; arm < arms(); ++arm)
    add_up(std::vector<int>(static_cast<std::size_t>(horizon_), arm), loss_of_.emplace_back(),
           best_of_.emplace_back());
}

double SlowHindsight::lasting(int segment, int arm) const {
  double visits = 0;  // of all users of the experiment
  for (int day = 0; day < world_.days; ++day) {
    const auto users = static_cast<double>(slow_users_after(world_, day + 1) - slow_users_after(world_, day));
    double of_one = 1;
    for (int later = day + 1; later < world_.days; ++later)
      of_one += slow_is_open(world_, later) ? world_.return_probability : 0;
    visits += users * of_one;
  }
  const double per_visit = world_.lasting ? world_.lasting(means_, segment, arm)
                                          : means_[static_cast<std::size_t>(arm)] - means_[0];
  return per_visit * visits / static_cast<double>(slow_users_after(world_, world_.days));
}

double SlowHindsight::gap(int arm, int day) const {
  double best = world_.direction * mean(0, day);
  for (int a = 1; a < arms(); ++a) best = std::max(best, world_.direction * mean(a, day));
  return best - world_.direction * mean(arm, day);
}

/// Sums over the first users: each loses on exposure, and those exposed before are expected to return as a
/// day of the experiment begins.
void SlowHindsight::add_up(const std::vector<int>& arms, std::vector<double>& loss,
                           std::vector<double>& best) const {
  loss.assign(1, 0);
  best.assign(1, 0);
  std::vector<double> exposed(means_.size(), 0);
  for (int day = 0; loss.size() <= arms.size(); ++day) {
    const i64 end = slow_users_after(world_, day + 1);
    double returned = 0;
    if (slow_is_open(world_, day))
      for (std::size_t arm = 0; arm < exposed.size(); ++arm)
        returned += world_.return_probability * exposed[arm] * gap(static_cast<int>(arm), day);
    for (; static_cast<i64>(loss.size()) <= end && loss.size() <= arms.size(); returned = 0) {
      const int arm = arms[loss.size() - 1];
      exposed[static_cast<std::size_t>(arm)] += 1;
      loss.push_back(loss.back() + returned + gap(arm, day));
      best.push_back(best.back() + (gap(arm, day) == 0 ? 1 : 0));
    }
  }
}

double SlowHindsight::regret(i64 users, i64 end, int arm) const {
  const auto at = [](i64 index) { return static_cast<std::size_t>(index); };
  if (users <= end) return loss_[at(users)];
  const std::vector<double>& later = loss_of_[at(arm)];
  return loss_[at(end)] + later[at(users)] - later[at(end)];
}

double SlowHindsight::value(i64 end, int arm) const {
  // What everybody's best arm of the day would bring, less what is lost.
  double best = 0, exposed = 0;
  for (int day = 0; day < world_.days + world_.rollout_days; ++day) {
    const auto users = static_cast<double>(slow_users_after(world_, day + 1) - slow_users_after(world_, day));
    const double visits = users + (slow_is_open(world_, day) ? world_.return_probability * exposed : 0);
    exposed += users;
    best += visits * (mean(0, day) + world_.direction * gap(0, day));
  }
  return best - world_.direction * regret(horizon_, end, arm);
}

double SlowHindsight::simple_regret(int arm) const {
  double best = 0;
  for (int a = 0; a < arms(); ++a) best = std::max(best, world_.direction * lasting(-1, a));
  return best - world_.direction * lasting(-1, arm);
}

double SlowHindsight::best_share(i64 end, int arm) const {
  const auto at = [](i64 index) { return static_cast<std::size_t>(index); };
  const std::vector<double>& later = best_of_[at(arm)];
  return (best_[at(end)] + later[at(horizon_)] - later[at(end)]) / static_cast<double>(horizon_);
}

int SlowHindsight::days_begun(i64 users) const {
  int day = 0;
  while (slow_users_after(world_, day) < users) ++day;
  return day;
}

double SlowHindsight::mean_of_users(i64 end, int arm) const {
  const int today = days_begun(end) - 1;
  double sum = 0, count = 0;
  for (i64 i = 0; i < end; ++i) {
    const SlowUser& user = users_[static_cast<std::size_t>(i)];
    if (user.arm != arm || !user.is_seen) continue;
    sum += mean(arm, user.day);
    for (int day = user.day + 1; day <= today; ++day)
      sum += slow_is_open(world_, day) ? world_.return_probability * mean(arm, day) : 0;
    count += 1;
  }
  return sum / count;
}

}  // namespace windtunnel

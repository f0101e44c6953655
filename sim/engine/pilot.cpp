#include "pilot.hpp"

#include <algorithm>

namespace windtunnel {

namespace {

/// Totals drawn along the timeline, and the values drawn beside them. Where users report or return later,
/// what is drawn in a step is that of every day.
double work_of_stream(const StreamGroup& group, const World& world) {
  const auto strata = static_cast<double>(std::max<std::size_t>(1, world.climate().strata.size()));
  const double days = world.is_day_by_day() ? world.calendar().experiment_days() : 1;
  const double batches = static_cast<double>(group.timeline.steps().size()) * world.arms() * strata * days;
  const double users = static_cast<double>(group.timeline.end()) / batches;
  return batches * (1 + world.metrics() + group.stream->draws(users));
}

/// What a policy that learns does with every arm in every step: it finds chances to be the best, once for all
/// users of a step, or an index.
double work_of_policy(const StreamGroup& group, int arms) {
  constexpr double kChance = 350, kIndex = 10;
  if (group.policy->shared_users() != nullptr) return 0;
  return static_cast<double>(group.timeline.steps().size()) * arms *
         (group.timeline.has_single_users() ? kIndex : kChance);
}

}  // namespace

StreamWork::StreamWork(const Experiment& experiment, const StreamGroup& group)
    : drawn_(work_of_stream(group, experiment.world()) + work_of_policy(group, experiment.world().arms())),
      users_(group.timeline.end()),
      largest_round_(group.timeline.largest_round()) {
  for (const int s : group.strategies)
    add_looks(experiment.strategies()[static_cast<std::size_t>(s)], group, experiment.world().arms());
  looks_.push_back({users_, 0});
  std::ranges::stable_sort(looks_, {}, &Look::users);
}

/// What a strategy goes over at its looks: values of all users where such are kept, else totals.
void StreamWork::add_looks(const StrategyPlan& plan, const StreamGroup& group, int arms) {
  const StreamGroup::EvidencePlan& evidence = group.evidence[static_cast<std::size_t>(plan.evidence)];
  const bool sees_values = group.wanted.has(Channel::values);
  for (std::size_t k = 0; k < plan.look_users.size(); ++k) {
    if (!plan.rule->looks_at(static_cast<int>(k))) continue;
    const double seen = sees_values ? static_cast<double>(plan.look_users[k]) : arms;
    const double work = (seen * evidence.evaluator->passes() + arms * plan.rule->work()) * evidence.panels;
    looks_.push_back({plan.look_users[k], work});
  }
}

double StreamWork::drawn(i64 users) const {
  return drawn_ * (static_cast<double>(users) / static_cast<double>(users_));
}

double StreamWork::until(i64 users) const {
  double work = drawn(users);
  for (const Look& look : looks_) {
    if (look.users > users) break;
    work += look.work;
  }
  return work;
}

double StreamWork::step_after(i64 users) const {
  auto look = std::ranges::upper_bound(looks_, users, {}, &Look::users);
  if (look == looks_.end()) return 0;
  const i64 end = look->users;
  double work = drawn(std::min(end - users, largest_round_));
  for (; look != looks_.end() && look->users == end; ++look) work += look->work;
  return work;
}

double work_per_replication(const Experiment& experiment) {
  double work = 0;
  for (const StreamGroup& group : experiment.streams()) work += StreamWork(experiment, group).total();
  return work;
}

}  // namespace windtunnel

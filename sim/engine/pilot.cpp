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

/// What a strategy goes over at its looks: values of all users where such are kept, else totals.
double work_of_looks(const StrategyPlan& plan, const StreamGroup& group, int arms) {
  const StreamGroup::EvidencePlan& evidence = group.evidence[static_cast<std::size_t>(plan.evidence)];
  const bool sees_values = group.wanted.has(Channel::values);
  double seen = 0;
  for (std::size_t k = 0; k < plan.look_users.size(); ++k)
    if (plan.rule->looks_at(static_cast<int>(k)))
      seen += sees_values ? static_cast<double>(plan.look_users[k]) : arms;
  return seen * evidence.panels * evidence.evaluator->passes();
}

}  // namespace

double work_per_replication(const Experiment& experiment) {
  double work = 0;
  for (const StreamGroup& group : experiment.streams()) {
    work += work_of_stream(group, experiment.world());
    for (const int s : group.strategies)
      work += work_of_looks(experiment.strategies()[static_cast<std::size_t>(s)], group,
                            experiment.world().arms());
  }
  return work;
}

}  // namespace windtunnel

#include "lint_exploration.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace windtunnel {

void lint_exploration(const GridPoint& point, const Experiment& experiment, const StreamGroup& group,
                      Findings& findings) {
  const i64 in_turn = group.policy->users_in_turn();
  for (const int s : group.strategies) {
    const i64 users = experiment.strategies()[static_cast<std::size_t>(s)].look_users.back();
    const Strategy& strategy = point.strategies[static_cast<std::size_t>(s)];
    if (strategy.policy->learning() == nullptr) continue;
    if (in_turn >= users)
      findings.add(
          "endless_exploration",
          fmt::format("the policy of '{}' gives its first {} users the arms in turn, but no more than "
                      "{} come: it applies nothing it learns",
                      strategy.name, in_turn, users));
    else if (group.timeline.first_round_after(std::max<i64>(1, in_turn)) >= users)
      findings.add(
          "endless_exploration",
          fmt::format("the policy of '{}' has no round that begins after its first {} and before the "
                      "last of {} users: it applies nothing it learns",
                      strategy.name, std::max<i64>(1, in_turn), users));
  }
}

}  // namespace windtunnel

#include "lint_exploration.hpp"

#include <fmt/format.h>

namespace windtunnel {

void lint_exploration(const GridPoint& point, const Experiment& experiment, const StreamGroup& group,
                      Findings& findings) {
  const i64 in_turn = group.policy->users_in_turn();
  for (const int s : group.strategies) {
    const i64 users = experiment.strategies()[static_cast<std::size_t>(s)].look_users.back();
    if (in_turn < users) continue;
    findings.add("endless_exploration",
                 fmt::format("the policy of '{}' gives its first {} users the arms in turn, but no more than "
                             "{} come: it applies nothing it learns",
                             point.strategies[static_cast<std::size_t>(s)].name, in_turn, users));
  }
}

}  // namespace windtunnel

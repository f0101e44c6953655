#pragma once

#include <functional>
#include <memory>

#include "chooser.hpp"

namespace windtunnel {

/// What a chooser needs around it: how its first users get their arms, in turn, whatever is observed, and how
/// much memory there has to be.
struct Start {
  i64 users_per_arm = 0;
  bool whole_rounds = false;  ///< a round that begins before they have come is theirs to its end
  double bytes_per_lane = 0;  ///< beside a few columns by arm
};

/// Makes the chooser of one block.
using MakeChooser = std::function<std::unique_ptr<Chooser>(const PolicySetting& setting, int lanes)>;

/// The plan of a policy that learns: its chooser with first users in turn, exploration and floor around it.
std::unique_ptr<const PolicyPlan> plan_learning(const Learning& learning, const PolicySetting& setting,
                                                Start start, MakeChooser make);

}  // namespace windtunnel

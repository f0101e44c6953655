#pragma once

#include <string>
#include <vector>

#include "windtunnel/engine/scenario.hpp"
#include "witness.hpp"

namespace windtunnel {

/// One replication under one strategy as people read it: a line per look, then how it ended. Of very many
/// looks the first, the last and the number of those between.
std::string replay_text(const Witness& witness, int strategy, const StrategyPlan& plan,
                        const GridPoint& point);

/// A number of an outcome's scale: "5.75 %" for conversions, else to 5 digits.
std::string outcome_text(double value, LookNote::Outcomes outcomes);

}  // namespace windtunnel

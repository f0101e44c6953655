#pragma once

#include "findings.hpp"
#include "windtunnel/engine/experiment.hpp"

namespace windtunnel {

/// What breaks a strategy's promise on false positives in a world, as far as the world's null twin shows it.
void lint_promise(const Strategy& strategy, const StrategyPlan& plan, const World& null_twin,
                  Findings& findings);

/// Quantiles of outcomes many of which are equal.
void lint_lumps(const Strategy& strategy, const Outcome& outcome, const Truth& truth, Findings& findings);

}  // namespace windtunnel

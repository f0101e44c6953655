#pragma once

#include "findings.hpp"
#include "windtunnel/engine/experiment.hpp"
#include "windtunnel/engine/lint.hpp"

/// Lints of whether what a strategy sees suffices: users and outcomes of its segment in its smallest arm.
namespace windtunnel {

/// Users of the first look at which the rule may call.
i64 first_users(const StrategyPlan& plan);

/// early_plug_in: a promise that rests on an estimated variance, and too few users.
void lint_first_look(const Strategy& strategy, const StrategyPlan& plan, const World& world,
                     Findings& findings);

/// few_conversions: users whose outcomes are not 0, where none is below it.
///   truth  of the one replication that is like all others
void lint_conversions(const Strategy& strategy, const StrategyPlan& plan, const World& world,
                      const Outcome& outcome, const Truth& truth, Findings& findings);

/// skewness: tests of means rest on the central limit theorem; rates have a lint of their own,
/// few_conversions.
void lint_skewness(const Strategy& strategy, const StrategyPlan& plan, const World& world,
                   const Outcome& outcome, const Truth& truth, Findings& findings);

}  // namespace windtunnel

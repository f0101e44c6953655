#pragma once

#include <vector>

#include "windtunnel/core/field_list.hpp"

/// The keys of scenarios that belong to no leaf, told by the functions that read them. Their schemas refer to
/// definitions by name: world, traffic, outcome, features, strategy, policy, rule, test, measure, precision,
/// expectation, and the reusable types.
namespace windtunnel {

std::vector<FieldInfo> scenario_keys();
std::vector<FieldInfo> precision_keys();
std::vector<FieldInfo> world_keys();
std::vector<FieldInfo> traffic_keys();

/// Keys that stand beside an outcome's own.
std::vector<FieldInfo> outcome_keys();

/// Keys that stand beside a rule's own.
std::vector<FieldInfo> strategy_keys();

std::vector<FieldInfo> expectation_keys();

}  // namespace windtunnel

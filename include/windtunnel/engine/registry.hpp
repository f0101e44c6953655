#pragma once

#include <span>

#include "windtunnel/core/registry_row.hpp"
#include "windtunnel/design/analysis.hpp"
#include "windtunnel/design/policy.hpp"
#include "windtunnel/design/stopping_rule.hpp"
#include "windtunnel/measures/measure.hpp"
#include "windtunnel/world/feature.hpp"
#include "windtunnel/world/outcome.hpp"

namespace windtunnel {

/// Every leaf there is, by family, in the order `list` shows them.
struct Registry {
  std::span<const RegistryRow<Outcome>> outcomes;
  std::span<const RegistryRow<Feature>> features;
  std::span<const RegistryRow<Policy>> policies;
  std::span<const RegistryRow<Analysis>> analyses;
  std::span<const RegistryRow<StoppingRule>> rules;
  std::span<const RegistryRow<Measure>> measures;
};

/// The registry of this program; defined in sim/registry.cpp, the only place that names leaves.
const Registry& registry();

}  // namespace windtunnel

#pragma once

#include <memory>
#include <optional>
#include <string>

#include "windtunnel/core/lift.hpp"
#include "windtunnel/core/registry_row.hpp"
#include "windtunnel/core/schedule.hpp"
#include "windtunnel/data/lens.hpp"
#include "windtunnel/design/analysis.hpp"
#include "windtunnel/design/policy.hpp"
#include "windtunnel/design/stopping_rule.hpp"

namespace windtunnel {

/// Policy x analysis x stopping rule x decision: what a team would really do. Plain data.
/// Two strategies whose policy texts are equal read the same stream; whose analysis texts, lenses, margins
/// and policy are equal share the evidence.
struct Strategy {
  std::string name;
  std::shared_ptr<const Policy> policy;
  std::string policy_text;  ///< resolved, canonical
  std::shared_ptr<const Analysis> analysis;
  std::string analysis_text;
  std::vector<std::shared_ptr<const Lens>> lenses;  ///< those that change what is seen
  std::string lens_text;                            ///< resolved, canonical; empty when there are none
  std::shared_ptr<const StoppingRule> rule;
  std::string rule_name;
  Guarantee guarantee = Guarantee::none;
  Correction correction = Correction::none;
  std::optional<Lift> margin;
  std::optional<double> baseline;
  i64 days = 0;  ///< length of this strategy's experiment
  Schedule looks;
};

}  // namespace windtunnel

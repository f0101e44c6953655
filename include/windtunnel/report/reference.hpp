#pragma once

#include <string>

#include "windtunnel/core/json_fwd.hpp"
#include "windtunnel/engine/registry.hpp"

namespace windtunnel {

/// JSON Schema (draft 2020-12) of scenarios, for editors: every leaf's keys come from its own description.
Json scenario_schema(const Registry& registry);

/// Every key of the grammar with type, unit, range and default, as Markdown.
std::string key_reference(const Registry& registry);

/// One line per member: all families, or the one of that name; empty when there is no such family.
std::string list_members(const Registry& registry, const std::string& family);

/// Names of the families: "rules", "policies", "tests", "corrections", "outcomes", "features", "measures".
std::vector<std::string> family_names();

/// Names of all members of all families.
std::vector<std::string> member_names(const Registry& registry);

/// Formula, guarantee, source and parameters of a member; empty when there is none of that name.
std::string explain_member(const Registry& registry, const std::string& name);

}  // namespace windtunnel

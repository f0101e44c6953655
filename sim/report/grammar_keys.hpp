#pragma once

#include <vector>

#include "windtunnel/core/field_list.hpp"

namespace windtunnel {

/// The keys of the grammar that belong to no leaf (scenario.md section 1), as paths into a scenario.
std::vector<FieldInfo> grammar_keys();

}  // namespace windtunnel

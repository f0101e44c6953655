#pragma once

#include <string>
#include <vector>

#include "windtunnel/engine/registry.hpp"

namespace windtunnel {

/// Where in a scenario a key belongs, in words: "/world/traffic", "policy epsilon_greedy". For who has
/// written it elsewhere.
std::vector<std::string> homes_of_key(const std::string& key, const Registry& registry);

}  // namespace windtunnel

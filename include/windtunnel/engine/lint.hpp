#pragma once

#include <string>
#include <vector>

#include "windtunnel/engine/study.hpp"

namespace windtunnel {

/// What a scenario says that is legal but probably not meant, one sentence each with its id first; ids that
/// `allow` names are left out.
///   dropped_looks   looks beyond the end of the strategy's experiment
///   early_plug_in   a rule with a promise that estimates the variance, and looks before 50 users per arm
///   source          Johari, Koomen, Pekelis & Walsh (2022), Oper. Res. 70:1806 (guarantees hold with many
///   users)
std::vector<std::string> lint(const Scenario& scenario, const Study& study);

}  // namespace windtunnel

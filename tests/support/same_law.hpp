#pragma once

#include <set>
#include <string>

#include "windtunnel/engine/result.hpp"

namespace windtunnel {

/// Checks that two runs of like shape that share only their law agree in every value of every strategy and
/// cell: |difference| <= 4 combined errors. Proportions take their error from both samples together and leave
/// room for two replications, for counts are not quite normal; values that rest on fewer than 200
/// replications are passed over.
///   mirrored  measures whose second value has the other sign
///   left_out  measures that are not compared
void check_same_law(const Result& a, const Result& b, const std::set<std::string>& mirrored = {},
                    const std::set<std::string>& left_out = {});

}  // namespace windtunnel

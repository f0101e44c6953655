#pragma once

#include <string>

#include "windtunnel/engine/result.hpp"

namespace windtunnel {

/// Whether expectations that did not come true are told on standard error, for want of a table that does.
enum class Tell { nothing, failures };

/// The exit status that a result's expectations ask for: kGood when all hold, else kExpectationFailed.
int expectation_status(const std::string& scenario, const Result& result, Tell tell);

}  // namespace windtunnel

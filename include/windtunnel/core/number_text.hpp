#pragma once

#include <string>

namespace windtunnel {

/// A number as people write it: the shortest text that reads back as the same double.
std::string number_text(double value);

}  // namespace windtunnel

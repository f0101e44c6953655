#pragma once

#include <span>

namespace windtunnel {

/// A scenario of the scenarios folder, built into the program.
struct Example {
  const char* name;  ///< file name without its ending
  const char* text;
};

/// Every file of the scenarios folder, by name.
std::span<const Example> examples();

}  // namespace windtunnel

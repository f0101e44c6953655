#pragma once

#include <span>

namespace windtunnel {

/// A scenario of the scenarios folder, built into the program.
struct Example {
  const char* name;  ///< file name without folder and ending; no two are alike
  const char* path;  ///< of the file, below the scenarios folder
  const char* text;
};

/// Every scenario of the scenarios folder and the folders in it, by path.
std::span<const Example> examples();

}  // namespace windtunnel

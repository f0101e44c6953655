#pragma once

#include <string>

#include "windtunnel/core/error.hpp"
#include "windtunnel/core/reading.hpp"

namespace windtunnel {

/// Files that scenarios of tests can name: a column of numbers, and a histogram of the same numbers.
inline std::string sample_file(const std::string& name) {
  if (name == "sample.csv") return "value,unit\n0,EUR\n0,EUR\n0.5,EUR\n1.25,EUR\n3,EUR\n";
  if (name == "histogram.csv") return "value,count\n3,1\n0,2\n1.25,1\n0.5,1\n";
  throw InputError("", "'" + name + "' cannot be read: no such file");
}

}  // namespace windtunnel

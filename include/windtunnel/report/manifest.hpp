#pragma once

#include <string>
#include <vector>

#include "windtunnel/report/report.hpp"

namespace windtunnel {

/// How a result came about: facts of the host and the moment, which never enter the result itself.
struct Manifest {
  std::vector<std::string> command_line;
  std::string date;    ///< see utc_date
  double seconds = 0;  ///< wall clock
  int threads = 0;
};

/// Now, as "2024-05-01T12:00:00Z".
std::string utc_date();

/// The sidecar of a result: the manifest, the program that wrote it, and which scenario it is about.
std::string manifest_json(const Report& report, const Manifest& manifest);

}  // namespace windtunnel

#include <iostream>

#include "windtunnel/core/build_info.hpp"
#include "windtunnel/engine/registry.hpp"

/// Exits 0 when the installed headers and the installed library, leaves included, work together.
int main() {
  std::cout << "windtunnel " << windtunnel::version() << '\n';
  return windtunnel::registry().rules.empty() ? 1 : 0;
}

#include <iostream>

#include "windtunnel/core/build_info.hpp"
#include "windtunnel/core/random.hpp"

/// Exits 0 when the installed headers and the installed library work together.
int main() {
  const auto words = windtunnel::philox({0, 0, 0, 0}, {0, 0});
  std::cout << "windtunnel " << windtunnel::version() << '\n';
  return words[0] == 0x6627e8d5U ? 0 : 1;
}

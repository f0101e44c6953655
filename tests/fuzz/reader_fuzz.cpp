#include <cstddef>
#include <cstdint>
#include <string>

#include "windtunnel/core/error.hpp"
#include "windtunnel/engine/scenario.hpp"

/// Any bytes are a scenario or an InputError with something to say: no crash, no other exception, no endless
/// reading. What is accepted must read back from what was written.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace windtunnel;
  try {
    const std::string text(data, data + size);
    const Scenario scenario = read_scenario(text, "fuzz", registry());
    if (read_scenario(scenario.written, "fuzz", registry()).hash != scenario.hash) __builtin_trap();
  } catch (const InputError& error) {
    if (error.problems().empty()) __builtin_trap();
  }
  return 0;
}

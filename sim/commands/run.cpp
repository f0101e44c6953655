#include <fmt/format.h>

#include "session.hpp"

namespace windtunnel {

int execute_run(const Arguments& arguments) {
  const RunRequest request = run_request(arguments);
  const std::vector<LoadedScenario> scenarios = load_scenarios(arguments.positional, overrides_of(arguments));
  check_request(request, scenarios);
  const Interrupt interrupt;
  int status = kGood;
  for (const LoadedScenario& loaded : scenarios) {
    if (&loaded != &scenarios.front() && !request.quiet) fmt::print("\n");
    const int ended = Session(loaded, request, interrupt).run();
    if (ended == kInterrupted) return ended;
    if (ended != kGood) status = ended;
  }
  return status;
}

}  // namespace windtunnel

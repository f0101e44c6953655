#include "session.hpp"

namespace windtunnel {

int execute_run(const Arguments& arguments) {
  const RunRequest request = run_request(arguments);
  const std::vector<LoadedScenario> scenarios = load_scenarios(arguments.positional, overrides_of(arguments));
  check_request(request, scenarios);
  const Interrupt interrupt;
  DataStream stream(request.printed_format(), scenarios.size());
  int status = kGood;
  for (const LoadedScenario& loaded : scenarios) {
    const int ended = Session(loaded, request, interrupt, stream).run();
    if (ended != kGood) status = ended;
    if (ended == kInterrupted) break;
  }
  if (request.prints()) stream.finish();
  return status;
}

}  // namespace windtunnel

#include "expectation_status.hpp"

#include <fmt/format.h>

#include "command.hpp"
#include "windtunnel/report/number_format.hpp"

namespace windtunnel {

namespace {

using State = ExpectationResult::State;

void tell_failure(const std::string& scenario, const ExpectationResult& expectation) {
  const bool is_open = expectation.state == State::undecided;
  const std::string needed =
      is_open && expectation.replications_needed > 0
          ? fmt::format("; about {} replications would tell", grouped(expectation.replications_needed))
          : "";
  fmt::print(stderr, "{}: expect {}: {}{}\n", scenario, is_open ? "undecided" : "fails", expectation.sentence,
             needed);
}

}  // namespace

int expectation_status(const std::string& scenario, const Result& result, Tell tell) {
  int status = kGood;
  for (const ExpectationResult& expectation : result.expectations) {
    if (expectation.state == State::holds) continue;
    status = kExpectationFailed;
    if (tell == Tell::failures) tell_failure(scenario, expectation);
  }
  return status;
}

}  // namespace windtunnel

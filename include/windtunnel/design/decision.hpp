#pragma once

#include "windtunnel/data/evidence.hpp"
#include "windtunnel/data/verdict.hpp"

namespace windtunnel {

/// Turns the calls per hypothesis into verdicts (scenario.md section 4): stop when some treatment is significantly
/// better, or every treatment has a call against it. Ship the largest estimate among the significantly better.
/// `Verdicts::arm` is the shipped arm, else the leading treatment (largest estimate towards better, ties to
/// the lowest index);
/// `rejected` is 1 when at least one hypothesis is rejected at this look, in either direction.
void decide(const Calls& calls, const Evidence& evidence, Verdicts& verdicts);

/// Verdict of one lane from its calls at its last look (see `decide`).
struct Verdict {
  i32 stopped, end, rejected, arm;
};
Verdict decide_lane(const Calls& calls, const Evidence& evidence, int lane);

}  // namespace windtunnel

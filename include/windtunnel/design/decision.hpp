#pragma once

#include "windtunnel/data/ended.hpp"
#include "windtunnel/data/evidence.hpp"
#include "windtunnel/data/verdict.hpp"

namespace windtunnel {

/// What the calls of all hypotheses come to in one lane, were it to end now.
struct Verdict {
  i32 stopped;     ///< 1: a criterion is met
  i32 end;         ///< End
  i32 rejected;    ///< 1: at least one hypothesis is rejected, in either direction
  i32 hypothesis;  ///< what the estimate speaks of: the one that ships, else the leading one (largest
                   ///< estimate towards better of those with evidence, ties to the lowest index)
};

/// Marks the lanes in which a criterion is met (scenario.md section 4): some treatment is significantly
/// better, or every treatment has a call against it.
///   stopped  shape [lanes], 0 or 1
void mark_stopped(const Calls& calls, i32* stopped);

/// Leaves a treatment's call only where it is the same in all panels, and no rows but those of the first.
void demand_all_panels(Calls& calls, int treatments);

/// Turns calls to ship a treatment that is vetoed into calls against it: the hypothesis stays rejected, and
/// control is kept.
///   vetoed  [treatment - 1][lane] 0 or 1
void forbid_shipping(Calls& calls, const Table<i32>& vetoed);

/// Verdict of one lane: ship the largest estimate among the significantly better, else keep if every
/// treatment has a call against it, else undecided.
Verdict decide(const Calls& calls, const Evidence& evidence, int lane);

/// Writes the verdicts of the lanes that end: by_criterion, end, rejected, hypothesis, arm and served of
/// their endings.
void decide(const Calls& calls, const Evidence& evidence, const EndedLanes& ended, Endings& endings);

}  // namespace windtunnel

#include "windtunnel/design/decision.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace windtunnel {

namespace {

constexpr int kChunk = 256;  // lanes whose standing is held on the stack at a time

/// What a call says, as 0 or 1.
inline i32 ships(i32 call) {
  return (call == kReject ? 1 : 0) | (call == kLead ? 1 : 0);
}
inline i32 rejects(i32 call) {
  return (call == kReject ? 1 : 0) | (call == kRejectWorse ? 1 : 0) | (call == kVetoed ? 1 : 0);
}

/// End of 0-1 facts, as a sum: a branch here would be guessed wrong in every second lane.
inline i32 end_of(i32 ship, i32 open) {
  static_assert(kUndecided == 0);
  return kShip * ship + kKeep * ((1 - ship) & (1 - open));
}

/// Lets a lane hear of one more hypothesis. The one spoken of is the best that ships, or the best of all
/// while none ships; they come in the order of their index, so ties stay with the lowest.
///   estimate  better is up
inline void hear(i32 call, double estimate, i32 hypothesis, i32& ship, i32& open, i32& rejected, i32& spoken,
                 double& best) {
  const i32 shipped = ships(call);
  const i32 takes = (shipped > ship ? 1 : 0) | ((shipped == ship ? 1 : 0) & (estimate > best ? 1 : 0));
  spoken = takes != 0 ? hypothesis : spoken;
  best = takes != 0 ? estimate : best;
  ship |= shipped;
  open |= call == kGoOn ? 1 : 0;
  rejected |= rejects(call);
}

/// How a hypothesis stands among the others: by its estimate, not its excess, as margins may differ between
/// treatments; behind all others where there is no evidence.
double standing(const Evidence& evidence, int h, int lane) {
  if (!(evidence.variance.row(h)[lane] > 0)) return -std::numeric_limits<double>::infinity();
  return evidence.excess.row(h)[lane] + evidence.direction * evidence.margin[static_cast<std::size_t>(h)];
}

void mark_one(const i32* __restrict calls, i32* __restrict stopped, int lanes) {
  for (int l = 0; l < lanes; ++l) stopped[l] = calls[l] != kGoOn ? 1 : 0;
}

/// Lets all lanes hear of one more hypothesis: `ship` of those that ship, `closed` of those with calls so
/// far.
void hear_lanes(const i32* __restrict calls, i32* __restrict ship, i32* __restrict closed, int lanes) {
  for (int l = 0; l < lanes; ++l) {
    ship[l] |= ships(calls[l]);
    closed[l] &= calls[l] != kGoOn ? 1 : 0;
  }
}

void keep_where_same(const i32* __restrict other, i32* __restrict calls, int lanes) {
  for (int l = 0; l < lanes; ++l) calls[l] = calls[l] == other[l] ? calls[l] : i32{kGoOn};
}

void turn_where_vetoed(const i32* __restrict vetoed, i32* __restrict calls, int lanes) {
  for (int l = 0; l < lanes; ++l) {
    const i32 call = calls[l], trailing = call == kLead ? i32{kTrail} : call;
    const i32 turned = call == kReject ? i32{kVetoed} : trailing;
    calls[l] = vetoed[l] != 0 ? turned : call;
  }
}

}  // namespace

void mark_stopped(const Calls& calls, i32* stopped) {
  const int lanes = calls.lanes();
  if (calls.rows() == 1) return mark_one(calls.row(0), stopped, lanes);
  std::array<i32, kChunk> ship, closed;
  for (int first = 0; first < lanes; first += kChunk) {
    const int count = std::min(kChunk, lanes - first);
    ship.fill(0);
    closed.fill(1);
    for (int h = 0; h < calls.rows(); ++h)
      hear_lanes(calls.row(h) + first, ship.data(), closed.data(), count);
    for (int l = 0; l < count; ++l)
      stopped[first + l] = ship[static_cast<std::size_t>(l)] | closed[static_cast<std::size_t>(l)];
  }
}

void demand_all_panels(Calls& calls, int treatments) {
  for (int h = treatments; h < calls.rows(); ++h)
    keep_where_same(calls.row(h), calls.row(h % treatments), calls.lanes());
  calls.reshape(treatments, calls.lanes());  // the first rows stay as they are
}

void forbid_shipping(Calls& calls, const Table<i32>& vetoed) {
  for (int h = 0; h < calls.rows(); ++h)
    turn_where_vetoed(vetoed.row(h % vetoed.rows()), calls.row(h), calls.lanes());
}

Verdict decide(const Calls& calls, const Evidence& evidence, int lane) {
  i32 ship = 0, open = 0, rejected = 0, spoken = 0;
  double best = -std::numeric_limits<double>::infinity();
  for (int h = 0; h < calls.rows(); ++h)
    hear(calls.row(h)[lane], standing(evidence, h, lane), h, ship, open, rejected, spoken, best);
  const i32 end = end_of(ship, open);
  return {end != kUndecided ? 1 : 0, end, rejected, spoken};
}

namespace {

/// One treatment: its call is the verdict.
void decide_one(const i32* calls, const EndedLanes& ended, Endings& endings) {
  i32 *by_criterion = endings.by_criterion.row(0), *end = endings.end.row(0), *arm = endings.arm.row(0);
  i32 *rejected = endings.rejected.row(0), *served = endings.served.row(0);
  i32* hypothesis = endings.hypothesis.row(0);
  ended.each([=](int l, auto put) {
    const i32 call = calls[l], open = call == kGoOn ? 1 : 0;
    put(by_criterion[l], 1 - open);
    put(end[l], end_of(ships(call), open));
    put(rejected[l], rejects(call));
    put(hypothesis[l], 0);
    put(arm[l], 1);
    put(served[l], ships(call));
  });
}

}  // namespace

void decide(const Calls& calls, const Evidence& evidence, const EndedLanes& ended, Endings& endings) {
  if (calls.rows() == 1) return decide_one(calls.row(0), ended, endings);
  ended.one_by_one([&](int l) {
    const Verdict verdict = decide(calls, evidence, l);
    endings.by_criterion.row(0)[l] = verdict.stopped;
    endings.end.row(0)[l] = verdict.end;
    endings.rejected.row(0)[l] = verdict.rejected;
    const int arm = evidence.arm(verdict.hypothesis);
    endings.hypothesis.row(0)[l] = verdict.hypothesis;
    endings.arm.row(0)[l] = arm;
    endings.served.row(0)[l] = verdict.end == kShip ? arm : 0;
  });
}

}  // namespace windtunnel

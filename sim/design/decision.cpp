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
  return (call == kReject ? 1 : 0) | (call == kRejectWorse ? 1 : 0);
}

inline i32 end_of(i32 ship, i32 open) {
  const i32 without_ship = open == 0 ? i32{kKeep} : i32{kUndecided};
  return ship != 0 ? i32{kShip} : without_ship;
}

/// Lets a lane hear of one more hypothesis. The arm spoken of is the best treatment that ships, or the best
/// of all while none ships; treatments come in the order of their index, so ties stay with the lowest.
///   estimate  better is up
inline void hear(i32 call, double estimate, i32 treatment, i32& ship, i32& open, i32& rejected, i32& arm,
                 double& best) {
  const i32 shipped = ships(call);
  const i32 takes = (shipped > ship ? 1 : 0) | ((shipped == ship ? 1 : 0) & (estimate > best ? 1 : 0));
  arm = takes != 0 ? treatment : arm;
  best = takes != 0 ? estimate : best;
  ship |= shipped;
  open |= call == kGoOn ? 1 : 0;
  rejected |= rejects(call);
}

/// Estimates are compared, not excesses: margins may differ between treatments.
double margin_up(const Evidence& evidence, int h) {
  return evidence.direction * evidence.margin[static_cast<std::size_t>(h)];
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

Verdict decide(const Calls& calls, const Evidence& evidence, int lane) {
  if (calls.rows() == 1) {
    const i32 call = calls.row(0)[lane];
    return {call != kGoOn ? 1 : 0, end_of(ships(call), call == kGoOn ? 1 : 0), rejects(call), 1};
  }
  i32 ship = 0, open = 0, rejected = 0, arm = 0;
  double best = -std::numeric_limits<double>::infinity();
  for (int h = 0; h < calls.rows(); ++h)
    hear(calls.row(h)[lane], evidence.excess.row(h)[lane] + margin_up(evidence, h), h + 1, ship, open,
         rejected, arm, best);
  const i32 end = end_of(ship, open);
  return {end != kUndecided ? 1 : 0, end, rejected, arm};
}

}  // namespace windtunnel

#include "windtunnel/design/decision.hpp"

#include <array>

#include "support/catch.hpp"
#include "support/design_lab.hpp"

namespace windtunnel {
namespace {

/// Estimates towards better of treatments 1 ... 3, and what they should come to.
Verdict verdict_of(const std::vector<i32>& calls, const std::vector<double>& estimates) {
  const int m = static_cast<int>(calls.size());
  Evidence evidence = make_evidence(make_setting(m + 1, kBinaryChannels, {1}), Evidence::Law::normal, 1);
  Calls table(m, 1);
  for (int h = 0; h < m; ++h) {
    table.row(h)[0] = calls[static_cast<std::size_t>(h)];
    evidence.excess.row(h)[0] = estimates[static_cast<std::size_t>(h)];
    evidence.variance.row(h)[0] = 1;
  }
  return decide(table, evidence, 0);
}

bool is(const Verdict& v, i32 stopped, i32 end, i32 rejected, i32 arm) {
  return v.stopped == stopped && v.end == end && v.rejected == rejected && v.hypothesis + 1 == arm;
}

TEST_CASE("decision: one treatment", "[design]") {
  CHECK(is(verdict_of({kGoOn}, {0.1}), 0, kUndecided, 0, 1));
  CHECK(is(verdict_of({kReject}, {0.1}), 1, kShip, 1, 1));
  CHECK(is(verdict_of({kRejectWorse}, {-0.1}), 1, kKeep, 1, 1));
  CHECK(is(verdict_of({kAccept}, {0.1}), 1, kKeep, 0, 1));
  CHECK(is(verdict_of({kLead}, {0.1}), 1, kShip, 0, 1));
  CHECK(is(verdict_of({kTrail}, {-0.1}), 1, kKeep, 0, 1));
}

TEST_CASE("decision: one significantly better treatment is enough to stop", "[design]") {
  CHECK(is(verdict_of({kGoOn, kReject, kGoOn}, {0.3, 0.1, 0.2}), 1, kShip, 1, 2));
  CHECK(is(verdict_of({kRejectWorse, kReject, kAccept}, {0.3, 0.1, 0.2}), 1, kShip, 1, 2));
}

TEST_CASE("decision: the largest estimate among the significantly better ships", "[design]") {
  CHECK(is(verdict_of({kReject, kReject, kGoOn}, {0.1, 0.2, 0.9}), 1, kShip, 1, 2));
  CHECK(is(verdict_of({kReject, kGoOn, kReject}, {0.2, 0.5, 0.2}), 1, kShip, 1, 1));
}

TEST_CASE("decision: calls against some treatments do not stop the others", "[design]") {
  CHECK(is(verdict_of({kRejectWorse, kGoOn, kAccept}, {-0.1, 0.2, 0.1}), 0, kUndecided, 1, 2));
  CHECK(is(verdict_of({kAccept, kGoOn, kAccept}, {0.1, 0.1, 0.1}), 0, kUndecided, 0, 1));
}

TEST_CASE("decision: calls against every treatment keep control", "[design]") {
  CHECK(is(verdict_of({kRejectWorse, kAccept, kAccept}, {-0.1, 0.2, 0.3}), 1, kKeep, 1, 3));
  CHECK(is(verdict_of({kAccept, kAccept, kAccept}, {0.3, 0.2, 0.3}), 1, kKeep, 0, 1));
  CHECK(is(verdict_of({kTrail, kTrail, kTrail}, {-0.3, -0.2, -0.3}), 1, kKeep, 0, 2));
}

TEST_CASE("decision: leading without a test ships without a rejection", "[design]") {
  CHECK(is(verdict_of({kTrail, kLead, kTrail}, {0.1, 0.2, 0.1}), 1, kShip, 0, 2));
}

TEST_CASE("decision: a vetoed treatment does not ship, but stays rejected", "[design]") {
  CHECK(is(verdict_of({kVetoed}, {0.1}), 1, kKeep, 1, 1));
  CHECK(is(verdict_of({kVetoed, kReject}, {0.3, 0.1}), 1, kShip, 1, 2));
  CHECK(is(verdict_of({kVetoed, kGoOn}, {0.3, 0.1}), 0, kUndecided, 1, 1));
  CHECK(is(verdict_of({kVetoed, kAccept}, {0.1, 0.3}), 1, kKeep, 1, 2));
}

TEST_CASE("decision: a veto turns the calls that would ship, in every panel", "[design]") {
  constexpr int kCalls = 7;
  Calls calls(4, kCalls);  // two treatments, two panels
  Table<i32> vetoed(2, kCalls);
  for (int l = 0; l < kCalls; ++l) {
    vetoed.row(1)[l] = 1;
    for (int h = 0; h < 4; ++h) calls.row(h)[l] = l;
  }
  forbid_shipping(calls, vetoed);
  for (int l = 0; l < kCalls; ++l)
    for (int h = 0; h < 4; ++h) {
      const int turned = l == kReject ? kVetoed : l == kLead ? kTrail : l;
      CHECK(calls.row(h)[l] == (h % 2 == 1 ? turned : l));
    }
}

TEST_CASE("decision: estimates are compared without their margins and towards better", "[design]") {
  // Fewer is better, and the second treatment has the weaker null hypothesis: natural estimates -.1 and -.15.
  Evidence evidence = make_evidence(make_setting(3, kBinaryChannels, {1}, -1), Evidence::Law::normal, 1);
  evidence.margin = {0, 0.2};
  Calls calls(2, 1, kReject);
  evidence.variance.row(0)[0] = evidence.variance.row(1)[0] = 1;
  evidence.excess.row(0)[0] = 0.1;
  evidence.excess.row(1)[0] = 0.35;
  CHECK(decide(calls, evidence, 0).hypothesis == 1);
  evidence.excess.row(1)[0] = 0.25;  // natural -.05
  CHECK(decide(calls, evidence, 0).hypothesis == 0);
}

TEST_CASE("decision: a treatment without evidence does not lead one that has some", "[design]") {
  Evidence evidence = make_evidence(make_setting(3, kBinaryChannels, {1}), Evidence::Law::normal, 1);
  const Calls calls(2, 1, kGoOn);
  evidence.excess.row(1)[0] = -0.2;
  CHECK(decide(calls, evidence, 0).hypothesis == 0);  // nobody has any
  evidence.variance.row(1)[0] = 1;
  CHECK(decide(calls, evidence, 0).hypothesis == 1);
}

TEST_CASE("decision: the block stops the lanes that would stop alone", "[design]") {
  for (int arms : {2, 3, 6})
    for (int lanes : {1, 7, 512, 1000}) {
      const Setting setting = make_setting(arms, kBinaryChannels, {1}, -1, 0.01);
      Evidence evidence = make_evidence(setting, Evidence::Law::normal, lanes);
      fill_at_random(evidence, 0.01, static_cast<unsigned>(arms + lanes));
      Dice dice(static_cast<unsigned>(lanes));
      Calls calls(arms - 1, lanes);
      for (int h = 0; h < arms - 1; ++h)
        for (int l = 0; l < lanes; ++l) calls.row(h)[l] = dice.below(7);
      Table<i32> stopped(1, lanes);
      mark_stopped(calls, stopped.row(0));
      int wrong = 0;
      for (int l = 0; l < lanes; ++l)
        wrong += decide(calls, evidence, l).stopped == stopped.row(0)[l] ? 0 : 1;
      CHECK(wrong == 0);
    }
}

TEST_CASE("decision: lanes that end together get the verdict of each alone", "[design]") {
  const auto treatments = GENERATE(1, 2);
  constexpr int kCalls = 7, kLanes = kCalls * kCalls;  // every pair of calls
  Calls calls(treatments, kLanes);
  Evidence evidence =
      make_evidence(make_setting(treatments + 1, kBinaryChannels, {1}), Evidence::Law::normal, kLanes);
  std::vector<int> all;
  for (int l = 0; l < kLanes; ++l) {
    all.push_back(l);
    for (int h = 0; h < treatments; ++h) {
      calls.row(h)[l] = h == 0 ? l % kCalls : l / kCalls;
      evidence.excess.row(h)[l] = (l % 5) * (h == 0 ? 1 : -1);
    }
  }
  Endings endings;
  endings.begin(treatments + 1, 0, kLanes);
  decide(calls, evidence, EndedLanes(all), endings);
  for (int l = 0; l < kLanes; ++l) {
    const Verdict alone = decide(calls, evidence, l);
    CHECK(endings.by_criterion.row(0)[l] == alone.stopped);
    CHECK(endings.end.row(0)[l] == alone.end);
    CHECK(endings.rejected.row(0)[l] == alone.rejected);
    CHECK(endings.hypothesis.row(0)[l] == alone.hypothesis);
    CHECK(endings.arm.row(0)[l] == alone.hypothesis + 1);
    CHECK(endings.served.row(0)[l] == (alone.end == kShip ? alone.hypothesis + 1 : 0));
  }
}

}  // namespace
}  // namespace windtunnel

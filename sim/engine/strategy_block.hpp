#pragma once

#include "expected_users.hpp"
#include "windtunnel/core/lane_set.hpp"
#include "windtunnel/engine/experiment.hpp"

namespace windtunnel {

/// What there is at the end of a step, whatever a strategy sees of it.
struct Scene {
  const Step& step;
  const Observed& observed;
  const ExpectedUsers& expected;
};

/// A strategy at work on one block: which lanes are still running, and how the others ended.
class StrategyBlock {
 public:
  StrategyBlock(const StrategyPlan& plan, int arms, int curve_points);

  /// Starts a block.
  void begin(int lanes);

  /// Judges the look that ends with the scene's step, if the strategy has one there, and settles the lanes it
  /// ends.
  ///   sight  what the strategy sees through its lenses
  void look(const Scene& scene, const Evidence& evidence, const Sight& sight, Ledger& ledger,
            Recorder* recorder, int index);

  /// Whether the strategy will look at the evidence at the end of step `step_index`.
  bool wants(int step_index) const;

  bool has_ended() const { return left_ == 0; }
  int evidence() const { return plan_.evidence; }
  const Endings& endings() const { return endings_; }
  Endings& endings() { return endings_; }

 private:
  const i32* find_stopped(const Scene& scene);
  void raise_alarms(const Scene& scene, i32* stopped);
  void hear_vetoes(const Observed& observed);
  EndedLanes find_ended(const i32* stopped);
  void settle(int k, const Scene& scene, const Evidence& evidence, const Sight& sight,
              const EndedLanes& ended, Ledger& ledger);
  void settle_clock(int k, const EndedLanes& ended);
  void settle_alarms(const EndedLanes& ended);
  void settle_means(const Observed& observed, const EndedLanes& ended);

  const StrategyPlan& plan_;
  int arms_, curve_points_;
  std::unique_ptr<Judge> judge_;
  Calls calls_;
  Table<i32> vetoed_;         // [treatment - 1][lane] 0 or 1
  Table<double> expected_;    // [arm][lane] users, for guards
  LaneSet running_, ending_;  // lanes that go on, and those that end at the present look
  enum Flags { kStopped, kEnds, kAlarmed };
  Table<i32> flags_;        // [criterion met, ends at this look, guard fired][lane] of 0 and 1
  std::vector<int> ended_;  // the lanes that end at the present look
  Endings endings_;
  int next_look_ = 0, lanes_ = 0, left_ = 0;
};

}  // namespace windtunnel

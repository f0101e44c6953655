#pragma once

#include "windtunnel/world/outcome.hpp"
#include "windtunnel/world/pulls.hpp"

namespace windtunnel {

/// Outcomes of any law on tapes: of every arm and lane the outcomes of kTape consecutive pulls. A tape is
/// drawn by the model's own batches, with the pulls in the place of lanes and one user in each, when the
/// first of its outcomes is about to be read.
///
/// The outcome of pull j of an arm in replication r lies at "replication" j + (r / 2^32) 2^32, time r mod
/// 2^32 and row arm. Tapes are known by their numbers: new means only make those there are forgotten.
class ValuePulls final : public Pulls {
 public:
  ///   model  must outlive the pulls
  ValuePulls(const OutcomeModel& model, PullSource source);

  void add(const i32* arm, const ArmMeans& means, Observed& observed) override;
  void interrupt() override {}

  /// Whether these are all the columns there are to be filled.
  static bool suffice(Channels wanted) {
    return (kContinuousOutcomes | Channels{Channel::at_once}).has_all(wanted);
  }

  /// Memory that a lane takes, about.
  static double bytes_per_lane(int arms);

  /// Outcomes on one tape: as many lanes as a block of the generator fills at once.
  static constexpr int kTape = 64;

 private:
  void begin(const ArmMeans& means, const Observed& observed);
  void write_missing(const i32* arm, const ArmMeans& means, const Observed& observed);
  void write(int arm, int lane, i32 number, double mean);
  void read(const i32* arm, Observed& observed);

  const OutcomeModel& model_;
  PullSource source_;
  int epoch_ = -1;
  Observed drawn_;         // a tape while it is drawn: one arm, [pull]
  Table<double> tape_;     // [arm * lanes + lane][pull]
  Table<i32> number_;      // [arm][lane] of its tapes, which one it is; -1: none
  Table<i32> is_missing_;  // [0][lane] 1: the tape that is to be read is another one
  Table<double> value_;    // [0][lane] the outcomes read
};

}  // namespace windtunnel

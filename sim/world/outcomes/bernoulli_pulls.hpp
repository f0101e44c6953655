#pragma once

#include <span>
#include <vector>

#include "windtunnel/world/pulls.hpp"

namespace windtunnel {

/// Outcomes of 0 and 1 on tapes: of every arm and lane the next outcomes lie ready as bits of a word. When
/// the first of them is read, thirty-two more are ordered; orders wait until sixteen can be written at a
/// time, which is never too late.
///
/// The outcome of a pull is 1 where its word lies below mean * 2^32; a tie is decided by the word of draw 1.
/// When the means change, the words stay what they are and only the threshold changes.
class BernoulliPulls final : public Pulls {
 public:
  explicit BernoulliPulls(PullSource source) : source_(source) {}

  void add(const i32* arm, const ArmMeans& means, Observed& observed) override;
  void interrupt() override { epoch_ = -1; }

  /// Outcomes on one tape.
  static constexpr int kTape = 32;

 private:
  /// A tape: its number counts those of the arm and lane.
  struct Place {
    i32 arm, lane;
    u32 tape;
  };

  void begin(const ArmMeans& means, Observed& observed);
  void read(const i32* arm, Observed& observed);
  void collect_ended(const i32* arm, Observed& observed);
  void change_tapes(Observed& observed);
  void write_waiting();
  void write(std::span<const Place> places);
  void write_together(const Place* places, int count);
  void find_thresholds(int lanes);
  double mean(Place place) const;
  bool tie_succeeds(Place place, u32 pull) const;

  PullSource source_;
  ArmMeans means_;
  int epoch_ = -1;
  Table<u32> tape_;                      // [arm][lane] outcome j is bit j modulo kTape
  Table<u32> next_;                      // [arm][lane] the tape after it
  Table<i32> has_next_;                  // [arm][lane] 1: it has been written
  Table<i32> empty_;                     // [0][lane] 1: the tape that was to be read had ended
  Table<u32> threshold_;                 // [arm][lane, or one] see high_threshold
  std::vector<Place> ended_;             // tapes to be put in the place of those that have ended
  std::vector<Place> urgent_, waiting_;  // tapes to be written: of these at once, and when there are many
  int waited_ = 0;                       // steps the longest of `waiting_` has waited
};

}  // namespace windtunnel

#pragma once

#include "windtunnel/world/pulls.hpp"

namespace windtunnel {

/// Outcomes of 0 and 1 on tapes: of every arm and lane the next outcomes lie ready as bits of a word, made
/// thirty-two at a time when the last one has been read.
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
  struct Place {
    int arm, lane;
  };

  void begin(const ArmMeans& means, Observed& observed);
  void read_by_arm(const i32* arm, Observed& observed);
  void read_by_lane(const i32* arm, Observed& observed);
  void collect_empty(const i32* arm, int lanes);
  void refill(i32 ahead, Observed& observed);
  void write_tapes(const Place* places, const u32* pulls, int count, u32* tapes) const;
  void find_thresholds(int lanes);
  double mean(Place place) const;
  bool tie_succeeds(Place place, u32 pull) const;

  PullSource source_;
  ArmMeans means_;
  int epoch_ = -1;
  Table<u32> tape_;            // [arm][lane] the next outcome is the lowest bit
  Table<i32> empty_;           // [0][lane] 1: the tape that was to be read had ended
  Table<u32> threshold_;       // [arm][lane, or one] see high_threshold
  std::vector<Place> places_;  // tapes to be written: the first count_
  int count_ = 0;
};

}  // namespace windtunnel

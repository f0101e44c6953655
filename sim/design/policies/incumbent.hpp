#pragma once

#include "leads.hpp"
#include "windtunnel/core/lane_bits.hpp"

namespace windtunnel {

/// The arm with the largest index in every lane, and which arms share it, where an index changes only when
/// more is known of its arm: most leaders stay until their own index has fallen to what the others reach, or
/// another's has risen to theirs. Single precision tells; lanes in doubt get all indices in double precision.
class Incumbent {
 public:
  Incumbent(int arms, int lanes);

  /// [lane] index of the one arm that has changed, within 4 rounding errors; to be written before `hold`.
  float* changed_index() { return changed_.row(0); }

  /// Finds the arms of the largest index.
  ///   changed    [lane] the arm whose changed index holds; nullptr: all may have changed
  ///   is_signed  indices may be below 0
  ///   index_of(arm, lane)  the index in double precision
  template <class IndexOf>
  void hold(const i32* changed, bool is_signed, IndexOf index_of) {
    leads_.clear();
    const auto settle = [&](i32 lane) {
      const Leads::Two two = leads_.settle(
          lane, arms_, [](i32) { return true; }, index_of);
      best_.row(0)[lane] = static_cast<float>(two.best);
      most_.row(0)[lane] = static_cast<float>(two.second);
    };
    if (changed != nullptr) {
      find_doubtful(changed, is_signed);
      for_flagged(doubtful_.row(0), lanes_, settle);
    } else {
      for (i32 lane = 0; lane < lanes_; ++lane) settle(lane);
    }
  }

  const Leads& leads() const { return leads_; }

 private:
  void find_doubtful(const i32* changed, bool is_signed);

  int arms_, lanes_;
  Table<float> changed_, best_;  // [0][lane]
  Table<float> most_;            // [0][lane] no other arm has a larger index
  Table<i32> doubtful_;          // [0][lane] 1: who leads is in doubt
  Leads leads_;
};

}  // namespace windtunnel

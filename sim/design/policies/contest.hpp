#pragma once

#include "leads.hpp"
#include "windtunnel/core/lane_vectors.hpp"

namespace windtunnel {

/// The arm with the largest index value + scale * width in every lane, and which arms share it. Single
/// precision finds it; lanes whose two best arms it cannot tell apart get their indices in double precision.
class Contest {
 public:
  Contest(int arms, int lanes);

  /// Columns to be written before `hold`, in single precision, each within 4 rounding errors.
  float* value(int arm) { return value_.row(arm); }
  float* width(int arm) { return width_.row(arm); }
  float* scale() { return scale_.row(0); }

  /// The same of the one arm of every lane that has changed; its row of `value` need not be written.
  float* changed_value() { return changed_.row(0); }
  float* changed_width() { return changed_.row(1); }

  /// Finds the arms of the largest index.
  ///   changed    [lane] the arm whose changed columns hold; nullptr: none
  ///   is_signed  values may be below 0
  ///   index_of(arm, lane)  the index in double precision
  template <class IndexOf>
  void hold(const i32* changed, bool is_signed, IndexOf index_of) {
    leads_.clear();
    for (int first = 0; first < lanes_; first += kLanesTogether) {
      const int count = find_leaders(changed, is_signed, first);
      for (int i = 0; i < count; ++i) settle(close_[i], index_of);
    }
  }

  const Leads& leads() const { return leads_; }

 private:
  /// Finds the leaders of kLanesTogether lanes.
  ///   returns  how many of them are too close to tell: they are listed in close_
  int find_leaders(const i32* changed, bool is_signed, int first);

  /// Lets the arms near the lead of a lane compete in double precision.
  template <class IndexOf>
  void settle(i32 lane, IndexOf index_of) {
    const float *value = value_.row(0) + lane, *width = width_.row(0) + lane;
    const std::ptrdiff_t stride = value_.stride();
    const float scale = scale_.row(0)[lane], least_near = least_near_.row(0)[lane];
    const auto is_near = [=](i32 arm) {
      return !(value[arm * stride] + scale * width[arm * stride] < least_near);
    };
    leads_.settle(lane, arms_, is_near, index_of);
  }

  int arms_, lanes_;
  Table<float> value_, width_;    // [arm][lane]
  Table<float> changed_, scale_;  // [value, width][lane], [0][lane]
  Table<float> least_near_;       // [0][lane] arms with a lower index do not lead
  Table<i32> nobody_;             // [0][lane] no arm
  i32 close_[kLanesTogether] = {};
  Leads leads_;
};

}  // namespace windtunnel

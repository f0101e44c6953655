#pragma once

#include <algorithm>
#include <limits>
#include <vector>

#include "chooser.hpp"
#include "windtunnel/core/lane_vectors.hpp"

namespace windtunnel {

/// The arm with the largest index value + scale * width in every lane, and which arms share it. Single
/// precision finds it; lanes whose two best arms it cannot tell apart get their indices in double precision,
/// which are compared as they are: equal numbers of equal history must come out as equal doubles.
class Contest {
 public:
  Contest(int arms, int lanes, bool has_width);

  /// Columns to be written before `hold`, in single precision, each within 4 rounding errors.
  float* value(int arm) { return value_.row(arm); }
  float* width(int arm) { return width_.row(has_width_ ? arm : 0); }
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
    ties_.clear();
    tied_.clear();
    for (int first = 0; first < lanes_; first += kLanesTogether) {
      const int count = find_leaders(changed, is_signed, first);
      for (int i = 0; i < count; ++i) settle(close_[i], index_of);
    }
  }

  /// Chooses the leader; where several are, one of them with equal chances.
  void choose(const ChoicePlace& place, i32* arm) const;

  /// Gives all users to the leader; where several are, every user to one of them with equal chances.
  void choose_many(const ChoicePlace& place, i32 users, Table<i32>& counts) const;

  /// An equal chance for every arm that shares the lead, none for the others.
  void tell_chances(Table<double>& chance) const;

 private:
  /// Arms that share the lead of a lane: tied_[first], ...
  struct Tie {
    i32 lane, first, arms;
  };

  /// Finds the leaders of kLanesTogether lanes.
  ///   returns  how many of them are too close to tell: they are listed in close_
  int find_leaders(const i32* changed, bool is_signed, int first);

  /// Lets the arms near the lead of a lane compete in double precision.
  template <class IndexOf>
  void settle(i32 lane, IndexOf index_of) {
    const auto first = static_cast<i32>(tied_.size());
    const float *value = value_.row(0) + lane, *width = width_.row(0) + lane;
    const std::ptrdiff_t stride = value_.stride(), width_stride = has_width_ ? stride : 0;
    const int arms = arms_;
    const float scale = has_width_ ? scale_.row(0)[lane] : 0, least_near = least_near_.row(0)[lane];
    double best = -std::numeric_limits<double>::infinity();
    for (i32 arm = 0; arm < arms; ++arm, value += stride, width += width_stride) {
      if (*value + scale * *width < least_near) continue;
      const double index = index_of(arm, lane);
      if (index > best) tied_.resize(static_cast<std::size_t>(first));
      if (index >= best) tied_.push_back(arm);
      best = std::max(best, index);
    }
    leader_.row(0)[lane] = tied_[static_cast<std::size_t>(first)];
    const i32 leaders = static_cast<i32>(tied_.size()) - first;
    if (leaders > 1)
      ties_.push_back({lane, first, leaders});
    else
      tied_.pop_back();
  }

  i32 tied(const Tie& tie, int rank) const { return tied_[static_cast<std::size_t>(tie.first + rank)]; }

  int arms_, lanes_;
  bool has_width_;
  Table<float> value_, width_;    // [arm][lane]
  Table<float> changed_, scale_;  // [value, width][lane], [0][lane]
  Table<float> least_near_;       // [0][lane] arms with a lower index do not lead
  Table<i32> leader_;             // [0][lane]
  Table<i32> nobody_;             // [0][lane] no arm
  i32 close_[kLanesTogether] = {};
  std::vector<Tie> ties_;
  std::vector<i32> tied_;
};

}  // namespace windtunnel

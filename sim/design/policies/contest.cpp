#include "contest.hpp"

#include <limits>

namespace windtunnel {

namespace {

using Floats = LaneVector<float>;
using Whole = LaneVector<i32>;

/// One contest, all columns at [lane].
struct Columns {
  const i32* changed;
  const float *changed_value, *changed_width, *scale;
  float *value, *width;   // of arm 0
  std::ptrdiff_t stride;  // to the next arm
  i32* leader;
  float* least_near;
};

/// Passes over the arms of kLanesTogether lanes.
///   is_apart  -1 where a leader is far enough before all others, else 0
template <bool kIsSigned>
void hold_lanes(const Columns& columns, int arms, int first, Whole& is_apart) {
  Whole changed, leader = {};
  Floats new_value, new_width, scale, value, width;
  load_lanes(changed, columns.changed + first);
  load_lanes(new_value, columns.changed_value + first);
  load_lanes(new_width, columns.changed_width + first);
  load_lanes(scale, columns.scale + first);
  Floats best = Floats{} - std::numeric_limits<float>::infinity(), second = best, size = {};
  float *value_at = columns.value + first, *width_at = columns.width + first;
  for (i32 arm = 0; arm < arms; ++arm) {
    const Whole is_new = changed == arm;
    load_lanes(value, value_at);
    load_lanes(width, width_at);
    value = is_new ? new_value : value;
    width = is_new ? new_width : width;
    store_lanes(value_at, value);
    store_lanes(width_at, width);
    value_at += columns.stride;
    width_at += columns.stride;
    const Floats index = value + scale * width;
    if constexpr (kIsSigned) {
      const Floats own = (value < 0 ? -value : value) + scale * width;
      size = own > size ? own : size;
    }
    const Whole leads = index > best;
    const Floats beaten = leads ? best : index;
    second = beaten > second ? beaten : second;
    best = leads ? index : best;
    leader = leads ? Whole{} + arm : leader;
  }
  if (!kIsSigned) size = best;
  const Floats least_near = best - (size * kApart + kLeastApart);
  is_apart = second < least_near;
  store_lanes(columns.leader + first, leader);
  store_lanes(columns.least_near + first, least_near);
}

}  // namespace

Contest::Contest(int arms, int lanes) : arms_(arms), lanes_(lanes), leads_(lanes) {
  for (Table<float>* table : {&value_, &width_}) table->assign(arms, lanes);
  changed_.assign(2, lanes);
  for (Table<float>* table : {&scale_, &least_near_}) table->assign(1, lanes);
  nobody_.assign(1, lanes, -1);
}

int Contest::find_leaders(const i32* changed, bool is_signed, int first) {
  const Columns columns{changed != nullptr ? changed : nobody_.row(0),
                        changed_.row(0),
                        changed_.row(1),
                        scale_.row(0),
                        value_.row(0),
                        width_.row(0),
                        value_.stride(),
                        leads_.leader(),
                        least_near_.row(0)};
  Whole is_apart;
  if (is_signed)
    hold_lanes<true>(columns, arms_, first, is_apart);
  else
    hold_lanes<false>(columns, arms_, first, is_apart);
  i32 apart[kLanesTogether], all = -1;
  store_lanes(apart, is_apart);
  for (const i32 each : apart) all &= each;
  int count = 0;
  const int lanes = std::min(kLanesTogether, lanes_ - first);
  for (int i = 0; all == 0 && i < lanes; ++i)
    if (apart[i] == 0) close_[count++] = first + i;
  return count;
}

}  // namespace windtunnel

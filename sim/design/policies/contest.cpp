#include "contest.hpp"

#include <algorithm>
#include <limits>

#include "leader.hpp"

namespace windtunnel {

namespace {

using Floats = LaneVector<float>;
using Whole = LaneVector<i32>;

/// With u = 2^-24 values and widths are within 4 u, scale, product and sum within u each: an index is within
/// 7 u of value + scale * width, and the difference of two is within 15 u of the larger, that of 16 u
/// included. The rest is for numbers so small that their rounding errors are no longer relative.
constexpr float kApart = 0x1p-20f, kLeastApart = 0x1p-100f;

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
template <bool kHasWidth, bool kIsSigned>
void hold_lanes(const Columns& columns, int arms, int first, Whole& is_apart) {
  Whole changed, leader = {};
  Floats new_value, new_width = {}, scale = {}, width = {};
  load_lanes(changed, columns.changed + first);
  load_lanes(new_value, columns.changed_value + first);
  if (kHasWidth) load_lanes(new_width, columns.changed_width + first);
  if (kHasWidth) load_lanes(scale, columns.scale + first);
  Floats best = Floats{} - std::numeric_limits<float>::infinity(), second = best, size = {};
  float *value_at = columns.value + first, *width_at = columns.width + first;
  for (i32 arm = 0; arm < arms; ++arm) {
    const Whole is_new = changed == arm;
    Floats value;
    load_lanes(value, value_at);
    value = is_new ? new_value : value;
    store_lanes(value_at, value);
    value_at += columns.stride;
    Floats index = value;
    if constexpr (kHasWidth) {
      load_lanes(width, width_at);
      width = is_new ? new_width : width;
      store_lanes(width_at, width);
      width_at += columns.stride;
      index = value + scale * width;
    }
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

Contest::Contest(int arms, int lanes, bool has_width) : arms_(arms), lanes_(lanes), has_width_(has_width) {
  value_.assign(arms, lanes);
  width_.assign(has_width ? arms : 1, lanes);
  changed_.assign(2, lanes);
  scale_.assign(1, lanes);
  leader_.assign(1, lanes);
  least_near_.assign(1, lanes);
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
                        leader_.row(0),
                        least_near_.row(0)};
  Whole is_apart;
  if (has_width_ && is_signed)
    hold_lanes<true, true>(columns, arms_, first, is_apart);
  else if (has_width_)
    hold_lanes<true, false>(columns, arms_, first, is_apart);
  else if (is_signed)
    hold_lanes<false, true>(columns, arms_, first, is_apart);
  else
    hold_lanes<false, false>(columns, arms_, first, is_apart);
  i32 apart[kLanesTogether], all = -1;
  store_lanes(apart, is_apart);
  for (const i32 each : apart) all &= each;
  int count = 0;
  const int lanes = std::min(kLanesTogether, lanes_ - first);
  for (int i = 0; all == 0 && i < lanes; ++i)
    if (apart[i] == 0) close_[count++] = first + i;
  return count;
}

void Contest::choose(const ChoicePlace& place, i32* arm) const {
  std::copy_n(leader_.row(0), lanes_, arm);
  for (const Tie& tie : ties_) arm[tie.lane] = tied(tie, draw_rank(place, tie.lane, tie.arms));
}

void Contest::choose_many(const ChoicePlace& place, i32 users, Table<i32>& counts) const {
  for (int l = 0; l < lanes_; ++l) counts.row(leader_.row(0)[l])[l] += users;
  for (const Tie& tie : ties_) {
    counts.row(leader_.row(0)[tie.lane])[tie.lane] -= users;
    split_evenly(place, tie.lane, users, tie.arms,
                 [&](int rank, i32 part) { counts.row(tied(tie, rank))[tie.lane] += part; });
  }
}

void Contest::tell_chances(Table<double>& chance) const {
  for (int arm = 0; arm < arms_; ++arm)
    for (int l = 0; l < lanes_; ++l) chance.row(arm)[l] = leader_.row(0)[l] == arm ? 1 : 0;
  for (const Tie& tie : ties_)
    for (int rank = 0; rank < tie.arms; ++rank) chance.row(tied(tie, rank))[tie.lane] = 1.0 / tie.arms;
}

}  // namespace windtunnel

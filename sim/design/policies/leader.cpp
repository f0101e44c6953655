#include "leader.hpp"

#include "windtunnel/core/samplers.hpp"

namespace windtunnel {

void Leader::begin(int lanes) {
  lanes_ = lanes;
  for (Table<double>* table : {&best_, &leader_})
    if (table->lanes() != lanes) table->assign(1, lanes);
}

bool Leader::write_leaders(i32* out) const {
  const double* __restrict leader = leader_.row(0);
  i32* __restrict arm = out;
  const int lanes = lanes_;
  i32 most = 0;
  for (int l = 0; l < lanes; ++l) {
    const i32 whole = static_cast<i32>(leader[l]);
    arm[l] = whole & (static_cast<i32>(kOneMore) - 1);
    most |= whole;
  }
  return most >= static_cast<i32>(kOneMore);
}

i32 draw_rank(const ChoicePlace& place, int lane, int ties) {
  return draw_evenly(place.tie, lane, place.user, 0, ties);
}

i32 draw_part(const ChoicePlace& place, int lane, int rank, i32 left, int shares) {
  const double chance = 1.0 / shares;
  i32 part = 0;
  sample_binomial(shifted(place.tie, lane), {place.user, choice_row::kMany + static_cast<u32>(rank), 0},
                  {&left, 1}, {&chance, 1}, {&part, 1});
  return part;
}

}  // namespace windtunnel

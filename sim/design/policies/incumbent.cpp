#include "incumbent.hpp"

namespace windtunnel {

namespace {

using Floats = LaneVector<float>;
using Whole = LaneVector<i32>;

/// All columns at [lane].
struct Columns {
  const i32 *changed, *leader;
  const float* index;  // of the arm that has changed
  float *best, *most;
  i32* doubtful;
};

template <bool kIsSigned>
void challenge_lanes(const Columns& columns, int first) {
  Whole changed, leader;
  Floats index, best, most;
  load_lanes(changed, columns.changed + first);
  load_lanes(leader, columns.leader + first);
  load_lanes(index, columns.index + first);
  load_lanes(best, columns.best + first);
  load_lanes(most, columns.most + first);
  const Whole leads = changed == leader;
  const Floats raised = index > most ? index : most;
  best = leads ? index : best;
  most = leads ? most : raised;
  Floats size = best;
  if constexpr (kIsSigned) {
    // An arm with an index far below both is farther from the leader than its rounding errors are large.
    const Floats of_best = best < 0 ? -best : best, of_most = most < 0 ? -most : most;
    size = of_best > of_most ? of_best : of_most;
  }
  const Whole is_apart = most < best - (size * kApart + kLeastApart);  // -1: yes
  store_lanes(columns.best + first, best);
  store_lanes(columns.most + first, most);
  store_lanes(columns.doubtful + first, is_apart + 1);
}

}  // namespace

Incumbent::Incumbent(int arms, int lanes) : arms_(arms), lanes_(lanes), leads_(lanes) {
  for (Table<float>* table : {&changed_, &best_, &most_}) table->assign(1, lanes);
  doubtful_.assign(1, lanes);
}

void Incumbent::find_doubtful(const i32* changed, bool is_signed) {
  const Columns columns{changed,      leads_.leader(), changed_.row(0),
                        best_.row(0), most_.row(0),    doubtful_.row(0)};
  for (int first = 0; first < lanes_; first += kLanesTogether)
    if (is_signed)
      challenge_lanes<true>(columns, first);
    else
      challenge_lanes<false>(columns, first);
  const int end = (lanes_ + kLanesTogether - 1) / kLanesTogether * kLanesTogether;
  std::fill(doubtful_.row(0) + lanes_, doubtful_.row(0) + end, 0);
}

}  // namespace windtunnel

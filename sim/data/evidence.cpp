#include "windtunnel/data/evidence.hpp"

namespace windtunnel {

void Evidence::begin(int treatment_count, int panel_count, int lane_count) {
  treatments = treatment_count;
  hypotheses = treatment_count * panel_count;
  lanes = lane_count;
  excess.assign(hypotheses, lanes);
  variance.assign(hypotheses, lanes);
  freedom.assign(law == Law::student ? hypotheses : 0, lanes);
  for (Table<double>* bound : {&low, &high})
    bound->assign(intervals == Intervals::own ? hypotheses : 0, lanes);
}

}  // namespace windtunnel

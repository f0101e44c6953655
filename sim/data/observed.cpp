#include "windtunnel/data/observed.hpp"

namespace windtunnel {

void Observed::begin(int arm_count, int lane_count, Channels wanted) {
  arms = arm_count;
  lanes = lane_count;
  const auto rows = [&](Channel channel) { return wanted.has(channel) ? arm_count : 0; };
  users.assign(arm_count, lane_count);
  successes.assign(rows(Channel::successes), lane_count);
  sum.assign(rows(Channel::sum), lane_count);
  deviations.assign(rows(Channel::deviations), lane_count);
}

}  // namespace windtunnel

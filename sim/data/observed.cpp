#include "windtunnel/data/observed.hpp"

#include <algorithm>

namespace windtunnel {

void Observed::begin(int arm_count, int lane_count, Channels wanted, int segment_count) {
  arms = arm_count;
  lanes = lane_count;
  const auto rows = [&](Channel channel) { return wanted.has(channel) ? arm_count : 0; };
  users.assign(arm_count, lane_count);
  successes.assign(rows(Channel::successes), lane_count);
  sum.assign(rows(Channel::sum), lane_count);
  deviations.assign(rows(Channel::deviations), lane_count);
  segments.resize(wanted.has(Channel::segments) ? static_cast<std::size_t>(segment_count) : 0);
  for (Observed& segment : segments) segment.begin(arm_count, lane_count, wanted.without(Channel::segments));
}

namespace {

void add_rows(const i32* __restrict more, int lanes, i32* __restrict total) {
  for (int l = 0; l < lanes; ++l) total[l] += more[l];
}

void add_rows(const double* __restrict more, int lanes, double* __restrict total) {
  for (int l = 0; l < lanes; ++l) total[l] += more[l];
}

}  // namespace

void Observed::add_up_segments() {
  for (int arm = 0; arm < arms; ++arm) {
    std::fill_n(users.row(arm), lanes, 0);
    if (successes.rows() > 0) std::fill_n(successes.row(arm), lanes, 0);
    if (sum.rows() > 0) std::fill_n(sum.row(arm), lanes, 0.0);
    if (deviations.rows() > 0) std::fill_n(deviations.row(arm), lanes, 0.0);
    for (const Observed& part : segments) {
      if (deviations.rows() > 0)
        for (int l = 0; l < lanes; ++l)
          deviations.row(arm)[l] =
              merged_deviations(users.row(arm)[l], sum.row(arm)[l], deviations.row(arm)[l],
                                part.users.row(arm)[l], part.sum.row(arm)[l], part.deviations.row(arm)[l]);
      add_rows(part.users.row(arm), lanes, users.row(arm));
      if (successes.rows() > 0) add_rows(part.successes.row(arm), lanes, successes.row(arm));
      if (sum.rows() > 0) add_rows(part.sum.row(arm), lanes, sum.row(arm));
    }
  }
}

}  // namespace windtunnel

#include "windtunnel/measures/hindsight.hpp"

#include <limits>

namespace windtunnel {

namespace {

void compare_arm(const double* __restrict lasting, const i32* __restrict chosen, i32 arm, double direction,
                 int lanes, double* __restrict served, double* __restrict best_other) {
  for (int l = 0; l < lanes; ++l) {
    const double benefit = direction * lasting[l];
    const double larger = benefit > best_other[l] ? benefit : best_other[l];
    served[l] = chosen[l] == arm ? benefit : served[l];
    best_other[l] = chosen[l] == arm ? best_other[l] : larger;
  }
}

}  // namespace

void compare_served(const Judged& judged, double* served, double* best_other) {
  for (int l = 0; l < judged.lanes(); ++l) {
    served[l] = 0;
    best_other[l] = -std::numeric_limits<double>::infinity();
  }
  for (int arm = 0; arm < judged.setting.arms; ++arm)
    compare_arm(judged.truth.lasting.row(arm), judged.endings.served.row(0), arm, judged.setting.direction,
                judged.lanes(), served, best_other);
}

}  // namespace windtunnel

#include "windtunnel/measures/rejection_rate.hpp"

#include <algorithm>

#include "windtunnel/measures/share_measure.hpp"

namespace windtunnel {

namespace {

struct RejectionRate {
  static const char* absent(const MeasureSetting& setting) { return setting.tests ? nullptr : kNoTest; }

  static void mark(const Judged& judged, Scratch&, i32* hits) {
    std::copy_n(judged.endings.rejected.row(0), judged.lanes(), hits);
  }
};

}  // namespace

std::unique_ptr<Measure> make_rejection_rate() {
  return std::make_unique<Share<RejectionRate>>();
}

}  // namespace windtunnel

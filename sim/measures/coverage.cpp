#include "windtunnel/measures/coverage.hpp"

#include <algorithm>

#include "windtunnel/measures/share_measure.hpp"

namespace windtunnel {

namespace {

struct Coverage {
  static constexpr int kFewest = 1;
  static constexpr const char* kTooFew = "no replication gave an interval";
  static const char* absent(const MeasureSetting& setting) { return setting.why_no_estimand(); }

  static void mark(const Judged& judged, Scratch&, i32* __restrict given, i32* __restrict hits) {
    const double* __restrict low = judged.endings.estimate.row(1);
    const double* __restrict high = judged.endings.estimate.row(2);
    const double* __restrict estimand = judged.estimand;
    const int lanes = judged.lanes();
    std::copy_n(judged.estimated, lanes, given);
    for (int l = 0; l < lanes; ++l)
      hits[l] = (low[l] <= estimand[l] ? 1 : 0) & (estimand[l] <= high[l] ? 1 : 0);
  }
};

}  // namespace

std::unique_ptr<Measure> make_coverage() {
  return std::make_unique<ConditionalShare<Coverage>>();
}

}  // namespace windtunnel

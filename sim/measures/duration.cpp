#include "windtunnel/measures/duration.hpp"

#include <algorithm>

#include "windtunnel/measures/mean_measure.hpp"

namespace windtunnel {

namespace {

/// Whole numbers, kept as they are.
struct WholeNumbers {
  static const char* absent(const MeasureSetting&) { return nullptr; }
  static bool is_zero(const MeasureSetting&) { return false; }
  static Grid grid(const MeasureSetting&) { return Grid(0); }
};

struct MeanUsers : WholeNumbers {
  static void fill(const Judged& judged, double* values) {
    std::copy_n(judged.endings.users.row(0), judged.lanes(), values);
  }
};

struct MeanDays : WholeNumbers {
  static void fill(const Judged& judged, double* values) {
    std::copy_n(judged.endings.days.row(0), judged.lanes(), values);
  }
};

}  // namespace

std::unique_ptr<Measure> make_mean_users() {
  return std::make_unique<Mean<MeanUsers>>();
}

std::unique_ptr<Measure> make_mean_days() {
  return std::make_unique<Mean<MeanDays>>();
}

}  // namespace windtunnel

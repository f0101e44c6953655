#pragma once

#include <cmath>

#include "support/catch.hpp"
#include "support/rehearsal.hpp"

/// What every result must be like.
namespace windtunnel {

/// Whether a value is absent, or a number with errors that go with it.
inline bool is_sound(const Value& value) {
  if (!value.absent.empty()) return true;
  const bool is_share = value.kind != Value::Kind::proportion || (value.value >= 0 && value.value <= 1);
  return is_share && std::isfinite(value.value) && std::isfinite(value.mcse) && value.mcse >= 0 &&
         value.conf_low <= value.conf_high;
}

/// Checks one value.
inline void check_sound(const Value& value) {
  if (is_sound(value)) return;
  CAPTURE(value.value, value.mcse, value.conf_low, value.conf_high);
  CHECK(is_sound(value));
}

/// Checks that no number is nan or infinite without saying why it is absent, and that shares of endings add
/// to 1.
inline void check_sound(const Rehearsal& run) {
  for (const MeasuredCell& cell : run.result.cells) {
    for (const auto& strategy : cell.strategies) {
      double endings = 0;
      for (const MeasureValues& measured : strategy) {
        INFO(measured.measure);
        CHECK_FALSE(measured.values.empty());
        for (const Value& value : measured.values) check_sound(value);
        for (const char* end : {"ship_rate", "keep_rate", "undecided_rate"})
          if (measured.measure == end) endings += measured.values[0].value;
      }
      CHECK(endings == Approx(1).epsilon(1e-12));
    }
    for (const PairedDifference& pair : cell.pairs) check_sound(pair.value);
  }
}

}  // namespace windtunnel

#pragma once

#include <cmath>

#include "support/catch.hpp"
#include "support/rehearsal.hpp"

/// What every result must be like.
namespace windtunnel {

/// Checks a value and its errors, unless it is absent.
inline void check_sound(const Value& value) {
  if (!value.absent.empty()) return;
  CHECK(std::isfinite(value.value));
  CHECK(std::isfinite(value.mcse));
  CHECK(value.mcse >= 0);
  CHECK(value.conf_low <= value.conf_high);
  if (value.kind == Value::Kind::proportion) {
    CHECK(value.value >= 0);
    CHECK(value.value <= 1);
  }
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

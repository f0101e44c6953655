#pragma once

#include <optional>
#include <string>

#include "windtunnel/core/fields.hpp"

namespace windtunnel {

/// Confidence bounds made for rewards between 0 and 1: other outcomes must say how wide their range is.
inline void describe_reward_scale(Fields& fields, std::optional<double>& scale) {
  fields.number(
      "scale", scale, kPositive,
      {"width of the range of outcomes, which the bound is times; absent = 1, required for outcomes that may "
       "lie outside 0 to 1"});
}

inline std::string scale_objection(const std::optional<double>& scale, Range values) {
  if ((values.low >= 0 && values.high <= 1) || scale) return {};
  return "is made for outcomes between 0 and 1: others need \"scale\", the width of their range";
}

}  // namespace windtunnel

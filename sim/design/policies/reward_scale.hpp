#pragma once

#include <optional>
#include <string>

#include "windtunnel/core/fields.hpp"
#include "windtunnel/data/observed.hpp"

namespace windtunnel {

/// Confidence bounds made for rewards between 0 and 1: other outcomes must say how wide their range is.
inline void describe_reward_scale(Fields& fields, std::optional<double>& scale) {
  fields.number(
      "scale", scale, kPositive,
      {"width of the range of outcomes other than 0 and 1, which the bound is times; required there"});
}

inline std::string scale_objection(const std::optional<double>& scale, Channels offered) {
  if (offered.has(Channel::successes) || scale) return {};
  return "is made for outcomes of 0 and 1: others need \"scale\", the width of their range";
}

}  // namespace windtunnel

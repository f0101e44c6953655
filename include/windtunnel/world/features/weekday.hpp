#pragma once

#include <vector>

#include "windtunnel/world/feature.hpp"

namespace windtunnel {

/// Days of the week that differ in users, in baseline and in how much of the lasting effect they show.
/// Multipliers are used as written: they need not average 1.
class Weekday final : public Feature {
 public:
  void describe(Fields& fields) override;
  void shape(Climate& climate) const override;

 private:
  int starts_ = 0;  // weekday of day 0, Monday is 0
  std::vector<double> traffic_ = std::vector<double>(Climate::kWeek, 1.0), rate_ = traffic_,
                      effect_ = traffic_;
};

}  // namespace windtunnel

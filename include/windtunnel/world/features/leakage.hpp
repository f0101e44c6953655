#pragma once

#include "windtunnel/world/feature.hpp"

namespace windtunnel {

/// Users who are served another arm than the one they are assigned to, and analysed as assigned.
/// `two_way` control users leak to the treatments in equal parts.
class Leakage final : public Feature {
 public:
  void describe(Fields& fields) override;
  void shape(Climate& climate) const override;

 private:
  enum class Direction { one_way, two_way };

  double rate_ = 0;
  Direction direction_ = Direction::one_way;
};

}  // namespace windtunnel

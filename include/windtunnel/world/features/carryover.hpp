#pragma once

#include <optional>

#include "windtunnel/world/feature.hpp"

namespace windtunnel {

/// Users who were in the treatment of an earlier experiment (Z = 1) and still feel it, in whichever arm they
/// are now. Assignments overlap: rho = 0 is a fresh randomisation, rho = 1 keeps everybody's arm. Two arms.
class Carryover final : public Feature {
 public:
  void describe(Fields& fields) override;
  void shape(Climate& climate) const override;

 private:
  std::optional<Lift> lift_;
  double overlap_ = 0, half_life_days_ = 1, treatment_share_ = 0.5;
};

}  // namespace windtunnel

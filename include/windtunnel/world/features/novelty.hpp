#pragma once

#include <optional>

#include "windtunnel/world/feature.hpp"

namespace windtunnel {

/// An extra lift of the treatments that fades from day 0 on; negative, users have to get used to them
/// (primacy). It is no part of the lasting effect, and the null twin keeps it.
class Novelty final : public Feature {
 public:
  void describe(Fields& fields) override;
  void shape(Climate& climate) const override;

 private:
  std::optional<Lift> lift_;
  double half_life_days_ = 1;
};

}  // namespace windtunnel

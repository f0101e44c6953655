#pragma once

#include <string>
#include <vector>

#include "windtunnel/world/feature.hpp"

namespace windtunnel {

/// Groups of users who differ in baseline and in how much of the lasting effect they show. A user belongs to
/// a segment by its share; where segments have `shares` of their own, arms are mixed within each segment by
/// them (unequal ones make Simpson's paradox).
class Segments final : public Feature {
 public:
  void describe(Fields& fields) override;
  void shape(Climate& climate) const override;
  Channels offers(Channels without) const override { return without | Channels{Channel::segments}; }
  std::unique_ptr<Lens> lens() const override;

 private:
  struct Segment {
    double share = 0, rate_multiplier = 1, effect_multiplier = 1;
    std::vector<double> shares;  // [arm] weights; empty: the policy's
  };

  std::vector<std::string> names_;
  std::vector<Segment> segments_;
};

}  // namespace windtunnel

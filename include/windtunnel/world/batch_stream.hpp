#pragma once

#include "windtunnel/world/world.hpp"

namespace windtunnel {

/// A stream that adds every step's users arm by arm, by the path the engine chose. Where strata matter the
/// users of an arm are first divided among them.
class BatchStreamPlan final : public StreamPlan {
 public:
  ///   means   whose strata are drawn apart; nullptr: all users of an arm have its mean (Outcome::mixes, or a
  ///           single stratum)
  ///   bytes_per_lane  see StreamPlan
  BatchStreamPlan(std::unique_ptr<const OutcomeModel> model, std::shared_ptr<const Means> means, u64 seed,
                  Path path, double bytes_per_lane = 0);

  std::unique_ptr<Stream> open(u64 first_replication, const Truth& truth) const override;
  double bytes_per_lane() const override { return bytes_per_lane_; }
  std::string method() const override;

 private:
  std::unique_ptr<const OutcomeModel> model_;
  std::shared_ptr<const Means> means_;
  Random outcome_, spread_, company_, membership_;
  PullRandom pull_;
  Path path_;
  double bytes_per_lane_;
};

}  // namespace windtunnel

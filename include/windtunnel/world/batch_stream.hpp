#pragma once

#include "windtunnel/world/intake.hpp"
#include "windtunnel/world/world.hpp"

namespace windtunnel {

/// A stream that hands every step's users over arm by arm, by the path the engine chose. Where strata matter
/// the users of an arm are first divided among them.
class BatchStreamPlan final : public StreamPlan {
 public:
  explicit BatchStreamPlan(const IntakeSetting& setting);

  std::unique_ptr<Stream> open(u64 first_replication, const Truth& truth) const override;
  std::string method() const override;
  double draws(double users) const override { return intake_->draws(users); }
  double bytes_per_lane() const override { return intake_->bytes_per_lane() + bytes_of_values_; }

 private:
  std::unique_ptr<const IntakePlan> intake_;
  std::shared_ptr<const Means> strata_;  // nullptr: all users of an arm have its mean
  Random outcome_, spread_, company_, membership_;
  PullRandom pull_;
  Random pulled_outcome_, pulled_spread_, pulled_company_;
  Path path_;
  double bytes_of_values_;
};

}  // namespace windtunnel

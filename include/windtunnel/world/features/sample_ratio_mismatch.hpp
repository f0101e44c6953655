#pragma once

#include <string>
#include <vector>

#include "windtunnel/world/feature.hpp"

namespace windtunnel {

/// A broken pipeline: users of one arm are lost at random, or users are assigned by other shares than the
/// policy's. Lost users are exposed and served, but never seen.
class SampleRatioMismatch final : public Feature {
 public:
  void describe(Fields& fields) override;
  void shape(Climate& climate) const override;
  std::unique_ptr<const StreamPlan> around(std::unique_ptr<const StreamPlan> stream, const Climate& climate,
                                           u64 seed) const override;
  bool changes_counts() const override { return drop_rate_ > 0 || !shares_.empty(); }
  std::vector<double> shares_seen(std::vector<double> without, const Climate& climate) const override;
  std::unique_ptr<Lens> lens() const override;

 private:
  std::string arm_;
  double drop_rate_ = 0;
  std::vector<double> shares_;
};

}  // namespace windtunnel

#pragma once

#include "windtunnel/world/world.hpp"

namespace windtunnel {

/// A stream that adds every step's users arm by arm, by the path the engine chose.
class BatchStreamPlan final : public StreamPlan {
 public:
  BatchStreamPlan(std::unique_ptr<const OutcomeModel> model, u64 seed, Path path);

  std::unique_ptr<Stream> open(u64 first_replication, const Truth& truth) const override;
  std::string method() const override;

 private:
  std::unique_ptr<const OutcomeModel> model_;
  Random outcome_, spread_;
  Path path_;
};

}  // namespace windtunnel

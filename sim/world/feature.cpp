#include "windtunnel/world/feature.hpp"

namespace windtunnel {

void Feature::shape(Climate&) const {}

std::unique_ptr<const OutcomeModel> Feature::together(std::unique_ptr<const OutcomeModel> model,
                                                      const Climate&, double, Channels, u64) const {
  return model;
}

std::unique_ptr<const OutcomeModel> Feature::unfold(std::unique_ptr<const OutcomeModel> model, const Climate&,
                                                    const Outcome&, Channels) const {
  return model;
}

std::unique_ptr<const StreamPlan> Feature::around(std::unique_ptr<const StreamPlan> stream, const Climate&,
                                                  u64) const {
  return stream;
}

}  // namespace windtunnel

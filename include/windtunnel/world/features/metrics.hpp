#pragma once

#include <vector>

#include "windtunnel/world/feature.hpp"

namespace windtunnel {

/// Further metrics of every user, standard normal in control and equally correlated with one another and with
/// the outcome: for those who look at fifteen and report the best. Normal outcomes only.
class Metrics final : public Feature {
 public:
  void describe(Fields& fields) override;
  void shape(Climate& climate) const override;
  Channels offers(Channels without) const override { return without | Channels{Channel::metrics}; }
  bool needs_normal() const override { return true; }
  bool has_effects() const override;
  std::unique_ptr<const OutcomeModel> together(std::unique_ptr<const OutcomeModel> model,
                                               const Climate& climate, double sd, Channels wanted,
                                               u64 seed) const override;
  std::unique_ptr<Lens> lens() const override;

 private:
  i64 count_ = 1;
  double correlation_ = 0;
  std::vector<double> effects_;
};

}  // namespace windtunnel

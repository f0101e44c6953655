#pragma once

#include "windtunnel/world/feature.hpp"

namespace windtunnel {

/// A number known of every user that goes with the outcome, standard normal in control: for adjusting the
/// estimate (CUPED). A treatment that shifts it contaminates the adjustment. Normal outcomes only.
class Covariate final : public Feature {
 public:
  void describe(Fields& fields) override;
  Channels offers(Channels without) const override { return without | Channels{Channel::covariate}; }
  bool needs_normal() const override { return true; }
  std::unique_ptr<const OutcomeModel> together(std::unique_ptr<const OutcomeModel> model,
                                               const Climate& climate, double sd, Channels wanted,
                                               u64 seed) const override;
  std::unique_ptr<Lens> lens() const override;

 private:
  double correlation_ = 0, treatment_shift_ = 0;
};

}  // namespace windtunnel

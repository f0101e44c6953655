#pragma once

#include <memory>

#include "chooser.hpp"
#include "windtunnel/design/reward_model.hpp"

namespace windtunnel {

/// Thompson sampling with normal or Gamma posteriors: every arm draws its mean for every user, and the best
/// one gets it. Many users at once are divided by the probabilities of being the best.
///   normal         precision 1/prior_sd^2 + n/observation_sd^2
///   gamma_poisson  Gamma(shape + s, rate + n)
std::unique_ptr<Chooser> make_thompson_values(const RewardModel& model, const PolicySetting& setting,
                                              int lanes);

}  // namespace windtunnel

#pragma once

#include <optional>
#include <string>

#include "windtunnel/core/fields.hpp"
#include "windtunnel/data/observed.hpp"
#include "windtunnel/design/prior_worth.hpp"

namespace windtunnel {

/// What a Bayesian policy believes of the outcomes of an arm. Visited by the `describe` of each of them.
///
/// beta: outcomes of 0 and 1, Beta(1, 1) priors. normal: known standard deviation `observation_sd`, normal
/// prior of the mean. gamma_poisson: counts, Gamma(shape, rate) prior of the mean.
///   source  Gelman et al. (2013), Bayesian Data Analysis, 2.4 to 2.6
struct RewardModel {
  enum class Kind { beta, normal, gamma_poisson };

  Kind kind = Kind::beta;
  std::optional<double> observation_sd, prior_mean, prior_sd;  ///< normal, which has all of them
  std::optional<double> shape, rate;                           ///< gamma_poisson, which has both

  void describe(Fields& fields);

  /// What the prior of an arm's mean is worth.
  PriorWorth prior_worth() const;

  /// Why it does not go with outcomes of such columns and such a range, as the end of a sentence about the
  /// policy.
  std::string objection(Channels offered, Range values) const;
};

}  // namespace windtunnel

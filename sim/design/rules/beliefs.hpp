#pragma once

#include <limits>

#include "windtunnel/data/observed.hpp"
#include "windtunnel/design/posterior.hpp"

/// What an analyst believes of an arm after seeing its data, turned so that larger is better.
namespace windtunnel {

inline constexpr double kUnbounded = std::numeric_limits<double>::infinity();

/// Mean and variance of a belief.
struct BeliefMoments {
  double mean, variance;
};

/// Beta posterior of a rate; where less is better, of the rate of failures.
struct BetaBelief {
  using Posterior = BetaPosterior;

  BetaPosterior prior;  ///< already turned
  bool mirrored;

  Posterior posterior(const Observed& observed, int arm, int lane) const {
    const double n = observed.users.row(arm)[lane], s = observed.successes.row(arm)[lane];
    return mirrored ? Posterior{prior.a + (n - s), prior.b + s} : Posterior{prior.a + s, prior.b + (n - s)};
  }

  static bool is_known(const Posterior&) { return true; }

  static bool is_log_concave(const Posterior& p) { return p.a >= 1 && p.b >= 1; }

  static BeliefMoments moments(const Posterior& p) {
    const double total = p.a + p.b;
    return {p.a / total, p.a * p.b / (total * total * (total + 1))};
  }
};

/// Normal posterior of a mean whose standard error is taken as known.
struct NormalBelief {
  using Posterior = NormalPosterior;

  double prior_mean;  ///< already turned
  double prior_sd;
  double direction;

  /// Precisions add. Unknown (sd 0) without an estimate of the variance: fewer than two users, or no spread.
  Posterior posterior(const Observed& observed, int arm, int lane) const;

  static bool is_known(const Posterior& p) { return p.sd > 0; }

  static bool is_log_concave(const Posterior&) { return true; }

  static BeliefMoments moments(const Posterior& p) { return {p.mean, p.sd * p.sd}; }
};

}  // namespace windtunnel

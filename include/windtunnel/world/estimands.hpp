#pragma once

#include <functional>
#include <vector>

/// True values of what analyses estimate, where it is not a difference of means.
namespace windtunnel {

/// The law of one user's outcome in a population of several kinds of users.
struct MixedLaw {
  struct Part {
    double mean, weight;
    std::function<double(double)> distribution;  ///< x -> P(Y <= x)
  };

  std::vector<Part> parts;

  /// P(Y <= x).
  double distribution(double x) const;

  /// Smallest x with P(Y <= x) >= p, to the last bit.
  ///   low, high  between which it lies
  ///   method     bisection
  double quantile(double p, double low, double high) const;
};

/// P(Y1 > Y0) + P(Y1 = Y0)/2 - 1/2 of independent Y1 of `treatment` and Y0 of `control`.
///   bound   no |Y| is larger
///   error   below 1e-5: between neighbouring quantiles of the two laws, at 512 levels each, one is taken to
///           be linear in the other; values with a probability above 1/512 are cells of their own
double rank_superiority(const MixedLaw& treatment, const MixedLaw& control, double bound);

}  // namespace windtunnel

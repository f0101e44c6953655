#pragma once

#include <vector>

namespace windtunnel {

/// Upper Student t quantile of one tail probability as a function of the degrees of freedom, for tests whose
/// degrees of freedom differ from lane to lane: built once, then a polynomial per value.
///   method  interpolation by degree 9 in 1 / df at Chebyshev points, on as many equal parts of (0, 1] as the
///           error needs
class StudentCurve {
 public:
  /// tail_probability  P(T >= quantile), in [0, 1); below 1e-200 the quantile is infinity. Costs a hundred
  ///                   exact quantiles, ten thousand below 1e-15
  explicit StudentCurve(double tail_probability);

  /// The quantile at degrees of freedom from 0.1 to infinity; relative error below 1e-10. Below 1 degree of
  /// freedom it is computed exactly, which takes microseconds.
  double operator()(double degrees_of_freedom) const;

  /// The same for lanes: degrees_of_freedom, quantiles of shape [lanes]. NaN gives a number without meaning.
  void evaluate(const double* __restrict degrees_of_freedom, double* __restrict quantiles, int lanes) const;

 private:
  double tail_probability_;
  int parts_ = 4;
  std::vector<double> coefficients_;  // [part][term], divided differences
};

}  // namespace windtunnel

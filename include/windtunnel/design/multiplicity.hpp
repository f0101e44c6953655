#pragma once

#include <span>

#include "windtunnel/design/alternative.hpp"

namespace windtunnel {

/// Probability, if no treatment has an effect, that at least one differs significantly from the common
/// control, each with its own normal test against this critical value.
///   shares          users of each arm, in any unit, control first; positive, shape [arms], at least two arms
///   critical_value  c: reject iff |z| >= c (two-sided, c >= 0) or z >= c (one-sided)
///   returns         absolute error below 1e-12
///   source          Dunnett (1955), JASA 50:1096: the correlation of two comparisons is a product of
///                   loadings sqrt(n_i / (n_i + n_0)), so that given the control's error they are independent
double family_wise_error(std::span<const double> shares, double critical_value, Alternative alternative);

/// Dunnett's critical value for treatments against a common control: the family-wise error is alpha.
///   shares   as above
///   alpha    in (0, 1)
///   returns  absolute error below 1e-8
double dunnett_critical_value(std::span<const double> shares, double alpha, Alternative alternative);

}  // namespace windtunnel

#pragma once

namespace windtunnel {

/// The x with P(X > x) = tail for X of law Beta(a, b).
///   tail     0 <= tail <= 1
///   a, b     at least 1
///   returns  the x whose tail differs by less than what rounding x does, and the same bits whatever was asked before
///   method   Newton for the tail, kept between bounds that bisection would have; start from a normal law of
///            the logarithm of the odds
///   cost     three to five incomplete Beta functions
double beta_upper_quantile(double tail, double a, double b);

}  // namespace windtunnel

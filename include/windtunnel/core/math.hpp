#pragma once

/// Elementary and statistical functions whose bits are the same on every x86-64 level and compiler.
/// Maximum errors are measured in tests/core/math_test.cpp and math_accuracy_test.cpp, ulp being the unit in
/// the last place of the result. An argument outside the stated domain, or NaN, gives NaN. Loops over lanes
/// call the versions of core/lane_math.hpp, which have the same bits.
namespace windtunnel::math {

/// e^x.
///   x        any; below -745.14 gives 0, above 709.79 infinity
///   returns  error below 0.95 ulp
double exp(double x);

/// Natural logarithm.
///   x        x >= 0; log(0) = -infinity
///   returns  error below 0.95 ulp
double log(double x);

/// log(1 + x), precise for small x.
///   x        x >= -1; log1p(-1) = -infinity
///   returns  error below 1.6 ulp
double log1p(double x);

/// e^x - 1, precise for small x.
///   returns  error below 1.6 ulp
double expm1(double x);

/// x to the power of y; the logarithm is carried in twice the precision, so large exponents cost nothing.
///   x        x >= 0; pow(0, y) is 0 for y > 0 and infinity for y < 0; pow(x, 0) = 1
///   returns  error below 1.6 ulp
double pow(double x, double y);

/// Logarithm of the Gamma function.
///   x        x >= 0; log_gamma(0) = infinity
///   returns  relative error below 2e-15
double log_gamma(double x);

/// Logarithm of the Beta function B(a, b) = Gamma(a) Gamma(b) / Gamma(a + b).
///   a, b     both >= 0, any size: nothing cancels when they are large; infinity if one is 0
///   returns  relative or absolute error below 1e-14, whichever is larger
double log_beta(double a, double b);

/// Density of the standard normal law; relative error below 1e-15.
double normal_pdf(double x);

/// P(Z <= x) for standard normal Z; relative error below 2e-15, in the lower tail down to 1e-307 as well.
double normal_cdf(double x);

/// P(Z > x) for standard normal Z; relative error below 2e-15, in the upper tail down to 1e-307 as well.
double normal_upper(double x);

/// The x with normal_cdf(x) = p.
///   p        0 <= p <= 1; -infinity at 0 and infinity at 1
///   returns  relative error below 2e-15. Above 1/2 it is the rounding of p itself that limits what is
///            known of the tail: ask for -normal_quantile(1 - p) where 1 - p is known better
///   source   Wichura (1988), Appl. Statist. 37:477, algorithm AS 241 (PPND16)
double normal_quantile(double p);

/// Regularised incomplete Beta function I_x(a, b) = P(X <= x) for X of law Beta(a, b).
///   a, b     positive and finite
///   x        0 <= x <= 1
///   returns  absolute error below 1e-13 for a, b <= 1e6; below the mean a / (a + b) also relative 2e-12 as
///            long as the result is above 1e-300
///   cost     of the order of sqrt(max(a, b)) steps near the mean, a few dozen elsewhere
///   source   DiDonato & Morris (1992), ACM TOMS 18:360, continued fraction BFRAC; prefactor: Loader (2000)
double incomplete_beta(double a, double b, double x);

/// Regularised lower incomplete Gamma function P(a, x) = P(X <= x) for X of law Gamma(a, 1).
///   a        positive and finite
///   x        x >= 0, infinity included
///   returns  absolute error below 1e-13 for a <= 1e6
///   cost     of the order of sqrt(a) steps near the mean
///   source   DLMF 8.11.4 (series) and 8.9.2 (continued fraction, even part); prefactor: Loader (2000)
double incomplete_gamma(double a, double x);

/// P(X > x) for X of the chi-square law.
///   x                   any; 1 for x <= 0, 0 at infinity
///   degrees_of_freedom  positive and finite
///   returns  absolute error below 1e-13, in the upper tail (x above degrees_of_freedom + 2) relative 1e-12
double chi_square_upper(double x, double degrees_of_freedom);

/// The x with chi_square_upper(x, degrees_of_freedom) = tail.
///   tail     0 < tail < 1
///   returns  relative error below 1e-12 (for small tails, of the tail)
///   method   bisection
double chi_square_quantile_upper(double tail, double degrees_of_freedom);

/// P(T <= t) for T of Student's law.
///   t                   any, infinities included
///   degrees_of_freedom  positive, not necessarily whole; infinity is the normal law
///   returns  absolute error below 1e-14; for t < 0 also relative 1e-12, so the upper tail is
///            student_t_cdf(-t, degrees_of_freedom)
///   method   incomplete_beta with x = nu / (nu + t^2) and its complement kept apart
double student_t_cdf(double t, double degrees_of_freedom);

/// The t with student_t_cdf(t, degrees_of_freedom) = p.
///   p                   0 <= p <= 1; -infinity at 0 and infinity at 1, or where |t| is above 1e308
///   degrees_of_freedom  at least 0.1, not necessarily whole; infinity is the normal law
///   returns  relative error below 1e-12 (above p = 1/2: for the rounded 1 - p)
///   method   Newton for the logarithm of the smaller tail, from the approximation of Wallace (1959)
double student_t_quantile(double p, double degrees_of_freedom);

/// P(X = k) for X of the binomial law.
///   k        any; 0 unless it is one of 0, 1 ... n
///   n        a whole number >= 0, held exactly: below 2^53
///   p        0 <= p <= 1
///   returns  relative error below 1e-12, absolute below 1e-14
///   source   Loader (2000), "Fast and accurate computation of binomial probabilities", with k - n p computed
///            without rounding error
double binomial_pmf(double k, double n, double p);

}  // namespace windtunnel::math

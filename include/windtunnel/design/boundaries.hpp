#pragma once

#include <span>
#include <vector>

#include "windtunnel/design/alternative.hpp"

namespace windtunnel {

/// How the critical value depends on the information fraction t: `pocock` c, `obrien_fleming` c / sqrt(t).
enum class Boundary { pocock, obrien_fleming };

/// Probability of ending at look k by z_k >= c_k (`upper`) or z_k <= -c_k (`lower`), each of shape [looks].
struct Crossing {
  std::vector<double> upper, lower;
};

/// Crossing probabilities of a group-sequential test whose score is a Brownian motion with drift.
///   information_fractions  t_1 < t_2 < ..., positive, any number and spacing, shape [looks]
///   critical_values        c_k for z_k = score(t_k) / sqrt(t_k), shape [looks]; infinity means no test at
///                          that look; not negative if two-sided
///   alternative            one_sided: only upper crossings end the trial, `lower` is zero
///   drift                  expected z at t = 1: z_k has mean drift * sqrt(t_k)
///   returns                absolute error below 1e-11; time grows with the sum over looks of
///                          t_k / min(gap to the look before, gap to the look after)
///   source                 Armitage, McPherson & Rowe (1969), JRSS A 132:235; Jennison & Turnbull (2000),
///                          chapter 19, with Gauss-Legendre panels in place of Simpson's rule
Crossing crossing_probabilities(std::span<const double> information_fractions,
                                std::span<const double> critical_values, Alternative alternative,
                                double drift);

/// Critical values of a group-sequential test with level alpha: reject at look k iff |z_k| >= c_k (two-sided)
/// or z_k >= c_k (one-sided).
///   information_fractions  0 < t_1 < ... < t_K = 1, shape [looks]
///   alpha                  probability of crossing at some look under the null hypothesis, in (0, 1)
///   returns                shape [looks], absolute error below 1e-8
///   source                 Pocock (1977), Biometrika 64:191; O'Brien & Fleming (1979), Biometrics 35:549
std::vector<double> critical_values(Boundary boundary, std::span<const double> information_fractions,
                                    double alpha, Alternative alternative);

}  // namespace windtunnel

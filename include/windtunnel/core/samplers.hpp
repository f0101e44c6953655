#pragma once

#include <array>
#include <span>

#include "windtunnel/core/binomial_table.hpp"
#include "windtunnel/core/lane_source.hpp"

/// Samplers over lanes: element l of every span belongs to replication `first_replication + l`, whose variate
/// is the same in whatever span it is drawn. A sampler owns the draws it names, counted from `address.draw`;
/// two that share time and row must be given separate ranges.
namespace windtunnel {

/// Draws that one gamma variate owns; of the first a few are read in practice.
inline constexpr u32 kGammaDraws = 1u << 12;

/// Draws that one binomial variate of `sample_binomial` owns.
inline constexpr u32 kBinomialDraws = 1u << 12;

/// No variate of sample_normal lies farther from 0: it inverts 64 bits.
inline constexpr double kFarthestNormal = 9.3;

/// Standard normal variates by inversion of 64 random bits, one of them the sign.
///   draws     2
///   error     of the quantile, relative: below 1e-13; exactly symmetric; tails to 2^-64, |out| < 9.2
///   source    Giles (2010), "Approximating the erfinv function", for the variable of the polynomial;
///             tails beyond 3.3 standard deviations by math::normal_quantile
void sample_normal(LaneSource source, Address address, std::span<double> out);

/// Uniform variates in the open interval (0, 1): 64 random bits rounded to a double, so that small values
/// keep full precision.
///   draws     2
void sample_uniform(LaneSource source, Address address, std::span<double> out);

/// Gamma(shape, 1) variates, one shape for all lanes: mean and variance are `shape`.
///   shape     finite and >= 0; 0 gives 0; not a number gives not a number
///   draws     kGammaDraws
///   error     the density is met to a relative 1e-15 * max(shape, 100), beside that of sample_normal
///   source    Marsaglia & Tsang (2000), ACM TOMS 26:363, without its squeeze: a vector of logarithms costs
///             less than a branch; shapes below 1 by their section 6
void sample_gamma(LaneSource source, Address address, double shape, std::span<double> out);

/// Gamma(shape[l], 1) variates: as above with a shape per lane, and the same numbers for equal shapes.
void sample_gamma(LaneSource source, Address address, std::span<const double> shape, std::span<double> out);

/// Beta(a, b) variates as G_a / (G_a + G_b), formed from logarithms where the gammas could underflow.
///   a, b      finite and > 0
///   draws     2 * kGammaDraws
void sample_beta(LaneSource source, Address address, double a, double b, std::span<double> out);

/// Draws that each of the two gammas of a beta variate with parameters per lane owns: room for 31 attempts,
/// and one in twenty is rejected at most.
inline constexpr u32 kShortGammaDraws = 1u << 7;

/// Beta(a[l], b[l]) variates: as above with parameters per lane.
///   draws     2 * kShortGammaDraws
void sample_beta(LaneSource source, Address address, std::span<const double> a, std::span<const double> b,
                 std::span<double> out);

/// Draws that one variate of `sample_unimodal_beta` owns.
inline constexpr u32 kUnimodalBetaDraws = 1u << 9;

/// Beta(a[l], b[l]) variates whose densities have no pole, with fewer words and logarithms than above.
///   a, b      finite and >= 1; not a number gives not a number
///   draws     kUnimodalBetaDraws
///   error     the density is met to a relative 1e-15 * max(a + b, 100)
///   source    Cheng (1978), Comm. ACM 21:317, algorithm BA; the squeeze of BB would cost a branch
void sample_unimodal_beta(LaneSource source, Address address, std::span<const double> a,
                          std::span<const double> b, std::span<double> out);

/// One attempt of that method from four words: the variate, or -1 if it is rejected and other words must be
/// tried.
double attempt_unimodal_beta(double a, double b, const std::array<u32, 4>& words);

/// Binomial(count[l], probability[l]) variates, parameters per lane; count 0 gives 0.
///   count     >= 0
///   draws     kBinomialDraws
///   error     probabilities are met to a relative 1e-9 (inversion and acceptance are computed in doubles)
///   source    n min(p, 1 - p) < 10: sequential inversion of one uniform; else the transformed rejection
///             BTRS of Hormann (1993), J. Statist. Comput. Simul. 46:101
void sample_binomial(LaneSource source, Address address, std::span<const i32> count,
                     std::span<const double> probability, std::span<i32> out);

/// Bernoulli outcomes of one user in every lane: total[l] += (outcome is 1), one probability for all lanes.
///   probability  in [0, 1]
///   draws        2: one word against the threshold, the next decides a tie
///   error        exact to 2^-64
void add_bernoulli(LaneSource source, Address address, double probability, std::span<i32> total);

/// As above with a probability per lane, and the same numbers for equal probabilities.
void add_bernoulli(LaneSource source, Address address, std::span<const double> probability,
                   std::span<i32> total);

}  // namespace windtunnel

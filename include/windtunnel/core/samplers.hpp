#pragma once

#include <span>

#include "windtunnel/core/binomial_table.hpp"
#include "windtunnel/core/lane_source.hpp"

/// Samplers over lanes: element l of every span belongs to replication `first_replication + l`.
namespace windtunnel {

/// Standard normal variates by inversion of 64 random bits (draws `draw`, `draw + 1`).
void sample_normal(LaneSource source, Address address, std::span<double> out);

/// Uniform variates in the open interval (0, 1) from 64 random bits (draws `draw`, `draw + 1`).
void sample_uniform(LaneSource source, Address address, std::span<double> out);

/// Gamma(shape, 1) variates, one shape for all lanes; uses draws from `draw` on as rejection asks.
void sample_gamma(LaneSource source, Address address, double shape, std::span<double> out);

/// Gamma(shape[l], 1) variates; a shape of 0 gives 0.
void sample_gamma(LaneSource source, Address address, std::span<const double> shape, std::span<double> out);

/// Beta(a, b) variates as G_a / (G_a + G_b).
void sample_beta(LaneSource source, Address address, double a, double b, std::span<double> out);

/// Binomial(count[l], probability[l]) variates, parameters per lane; count 0 gives 0.
void sample_binomial(LaneSource source, Address address, std::span<const i32> count,
                     std::span<const double> probability, std::span<i32> out);

/// Bernoulli outcomes of one user in every lane: total[l] += (outcome is 1), one probability for all lanes.
/// Exact: 32 bits against the threshold, the next draw decides ties down to 2^-64.
void add_bernoulli(LaneSource source, Address address, double probability, std::span<i32> total);

/// As above with a probability per lane.
void add_bernoulli(LaneSource source, Address address, std::span<const double> probability,
                   std::span<i32> total);

}  // namespace windtunnel

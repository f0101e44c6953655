#pragma once

#include <span>

#include "windtunnel/design/posterior.hpp"

namespace windtunnel {

/// What probability_best is tested against: the same integrals on panels of their own, over all of every
/// arm's mass, with densities normalised by their sums; ten times slower. Shares the nodes of the quadrature
/// only.
///   error  absolute 1e-11
void plain_probability_best(std::span<const BetaPosterior> arms, std::span<double> probabilities);
void plain_probability_best(std::span<const NormalPosterior> arms, std::span<double> probabilities);
void plain_probability_best(std::span<const GammaPosterior> arms, double direction,
                            std::span<double> probabilities);

}  // namespace windtunnel

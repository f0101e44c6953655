#pragma once

#include <memory>

#include "chooser.hpp"

namespace windtunnel {

/// Thompson sampling among arms of 0 and 1 with Beta(1, 1) priors. The arm with the largest posterior mean
/// draws x. Another arm's density f is logarithmically concave, so that its tangent at x bounds the chance
/// P(theta > x) <= f(x) / s, s = -(log f)'(x): with the rest of probability the arm lies below x and need not
/// draw. Below the bound it draws from the tangent, y = x + E/s, and lies beyond x if y is accepted, with
/// probability f(y) / (f e^{-s(y - x)}), f the number at least f(x) that the bound was made of. Where s is
/// not positive or the bound exceeds 1, it draws whole. Bounds are found in single precision, rounded towards
/// the safe side, draws in double.
///   error   the logarithm of B(a, b) is kept up by adding: 1e-16 relative of each step
///   source  Devroye (1986), Non-Uniform Random Variate Generation, VII.2 (log-concave densities)
std::unique_ptr<Chooser> make_thompson_many(int arms, int lanes);

}  // namespace windtunnel

#include "windtunnel/design/lai_robbins.hpp"

#include <algorithm>

#include "windtunnel/core/math.hpp"

namespace windtunnel {

namespace {

/// p ln(p/q), where 0 ln 0 is 0.
double divergence_part(double p, double q) {
  return p > 0 ? p * math::log(p / q) : 0;
}

}  // namespace

double lai_robbins_constant(std::span<const double> rates) {
  const double best = *std::max_element(rates.begin(), rates.end());
  double sum = 0;
  for (const double rate : rates)
    if (rate < best && best < 1)
      sum += (best - rate) / (divergence_part(rate, best) + divergence_part(1 - rate, 1 - best));
  return sum;
}

}  // namespace windtunnel

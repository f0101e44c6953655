#pragma once

#include <vector>

namespace windtunnel {

/// 2^(-t/half_life) on days t = 0, 1, ...
///   half_life_days  > 0
std::vector<double> fading_weights(double half_life_days, int days);

}  // namespace windtunnel

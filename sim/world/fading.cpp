#include "windtunnel/world/fading.hpp"

#include "windtunnel/core/math.hpp"

namespace windtunnel {

std::vector<double> fading_weights(double half_life_days, int days) {
  std::vector<double> weights;
  for (int day = 0; day < days; ++day) weights.push_back(math::pow(2, -day / half_life_days));
  return weights;
}

}  // namespace windtunnel

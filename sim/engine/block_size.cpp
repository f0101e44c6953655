#include "block_size.hpp"

#include <algorithm>

#include "windtunnel/core/philox_blocks.hpp"

namespace windtunnel {

int lanes_within(int most, double bytes_per_lane) {
  constexpr double kComfortable = 32e6, kMost = 256e6;
  const auto fit = [&](double bytes) {
    return std::max(1, static_cast<int>(std::min<double>(most, bytes / std::max(bytes_per_lane, 1.0))));
  };
  const int whole_blocks = std::max(kBlockWords, fit(kComfortable) / kBlockWords * kBlockWords);
  return fit(kComfortable) == most ? most : std::min({most, whole_blocks, fit(kMost)});
}

int lanes_for(int most, int strategies) {
  constexpr int kColumns = 2048, kEnough = 512;  // beyond, what is done once per step does not weigh
  return std::min(most, std::max(kEnough, kColumns / strategies / kBlockWords * kBlockWords));
}

}  // namespace windtunnel

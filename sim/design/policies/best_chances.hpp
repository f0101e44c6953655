#pragma once

#include <map>
#include <span>
#include <vector>

#include "known.hpp"

namespace windtunnel {

/// Probabilities of being the best under Beta(1, 1) priors, remembered by what is known: early rounds of many
/// lanes know the same.
class BestChances {
 public:
  /// Fills `best` [arm] for one lane.
  void find(const Known& known, int lane, std::span<double> best);

 private:
  static constexpr std::size_t kMostRemembered = 4096;

  std::map<std::vector<i32>, std::vector<double>> remembered_;  // users and wins of every arm
};

}  // namespace windtunnel

#include "best_chances.hpp"

#include <algorithm>

#include "windtunnel/design/posterior.hpp"

namespace windtunnel {

void BestChances::find(const Known& known, int lane, std::span<double> best) {
  std::vector<i32> record;
  for (int a = 0; a < known.arms; ++a) {
    record.push_back(known.users(a)[lane]);
    record.push_back(known.wins(a)[lane]);
  }
  const auto found = remembered_.find(record);
  if (found != remembered_.end()) {
    std::ranges::copy(found->second, best.begin());
    return;
  }
  std::vector<BetaPosterior> posteriors;
  for (int a = 0; a < known.arms; ++a) {
    const double users = known.users(a)[lane], wins = known.wins(a)[lane];
    posteriors.push_back({wins + 1, users - wins + 1});
  }
  if (known.arms == 2) {
    best[1] = std::clamp(probability_better(posteriors[1], posteriors[0]), 0.0, 1.0);
    best[0] = 1 - best[1];
  } else {
    probability_best(posteriors, best);
  }
  if (remembered_.size() < kMostRemembered)
    remembered_.emplace(std::move(record), std::vector(best.begin(), best.end()));
}

}  // namespace windtunnel

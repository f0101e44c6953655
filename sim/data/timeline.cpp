#include "windtunnel/data/timeline.hpp"

#include <algorithm>

namespace windtunnel {

Timeline::Timeline(std::vector<i64> cuts, const std::vector<i64>& epoch_starts, i64 end,
                   const Calendar* calendar) {
  cuts.insert(cuts.end(), epoch_starts.begin(), epoch_starts.end());
  cuts.push_back(end);
  std::sort(cuts.begin(), cuts.end());
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  i64 before = 0;
  std::size_t epoch = 0;
  for (i64 cut : cuts) {
    if (cut <= before || cut > end) continue;
    while (epoch + 1 < epoch_starts.size() && epoch_starts[epoch + 1] <= before) ++epoch;
    const int day = calendar != nullptr ? calendar->days_begun(cut) - 1 : 0;
    steps_.push_back({static_cast<int>(steps_.size()), static_cast<int>(epoch), day, before, cut});
    before = cut;
  }
}

int Timeline::step_ending_at(i64 position) const {
  const auto found = std::lower_bound(steps_.begin(), steps_.end(), position,
                                      [](const Step& step, i64 users) { return step.users_after < users; });
  return found != steps_.end() && found->users_after == position ? found->index : -1;
}

}  // namespace windtunnel

#include "windtunnel/data/timeline.hpp"

#include <algorithm>
#include <utility>

namespace windtunnel {

Timeline::Timeline(std::vector<i64> cuts, const std::vector<i64>& epoch_starts, i64 end,
                   const Calendar* calendar, Rounds rounds)
    : cuts_(std::move(cuts)), epoch_starts_(epoch_starts), rounds_(std::move(rounds)), end_(end) {
  cuts_.insert(cuts_.end(), epoch_starts.begin(), epoch_starts.end());
  cuts_.insert(cuts_.end(), rounds_.at.begin(), rounds_.at.end());
  cuts_.push_back(end);
  std::erase_if(cuts_, [end](i64 cut) { return cut <= 0 || cut > end; });
  std::sort(cuts_.begin(), cuts_.end());
  cuts_.erase(std::unique(cuts_.begin(), cuts_.end()), cuts_.end());
  not_periodic_.push_back(0);
  for (i64 cut : cuts_) not_periodic_.push_back(not_periodic_.back() + (is_periodic(cut) ? 0 : 1));
  if (calendar != nullptr) calendar_ = *calendar;
}

bool Timeline::is_periodic(i64 position) const {
  return rounds_.every > 0 && position >= rounds_.first && (position - rounds_.first) % rounds_.every == 0;
}

i64 Timeline::periodic_until(i64 position) const {
  return rounds_.every > 0 && position >= rounds_.first ? (position - rounds_.first) / rounds_.every + 1 : 0;
}

i64 Timeline::rank(i64 position) const {
  const auto cuts = std::upper_bound(cuts_.begin(), cuts_.end(), position) - cuts_.begin();
  return not_periodic_[static_cast<std::size_t>(cuts)] + periodic_until(position);
}

i64 Timeline::largest_round() const {
  const auto until = [this](i64 position) { return std::min(position, end_); };
  if (rounds_.every > 0)
    return std::max(until(rounds_.first), until(rounds_.first + rounds_.every) - until(rounds_.first));
  i64 largest = 0, before = 0;
  for (const i64 position : rounds_.at) {
    largest = std::max(largest, until(position) - before);
    before = until(position);
  }
  return std::max(largest, end_ - before);
}

i64 Timeline::first_round_after(i64 users) const {
  if (rounds_.every > 0) {
    const i64 missing = std::max<i64>(0, users - rounds_.first);
    return rounds_.first + (missing + rounds_.every - 1) / rounds_.every * rounds_.every;
  }
  const auto next = std::ranges::lower_bound(rounds_.at, users);
  return next == rounds_.at.end() ? end_ : *next;
}

i64 Timeline::most_rounds_within(i64 users) const {
  if (rounds_.every > 0) return std::min(users, end_) / rounds_.every + 1;
  std::ptrdiff_t most = 1;  // the last one
  auto first = rounds_.at.begin();
  for (auto last = first; last != rounds_.at.end(); ++last) {
    while (*first < *last - users) ++first;
    most = std::max(most, last - first + 1);
  }
  return most;
}

/// Of two neighbours among the ends one is a cut, unless rounds begin after every user.
bool Timeline::has_single_users() const {
  if (step_ending_at(1) >= 0) return true;
  if (rounds_.every == 1 && end_ > rounds_.first) return true;
  return std::ranges::any_of(cuts_, [this](i64 cut) {
    return step_ending_at(cut - 1) >= 0 || (cut < end_ && step_ending_at(cut + 1) >= 0);
  });
}

int Timeline::step_ending_at(i64 position) const {
  const bool is_cut = is_periodic(position) || std::binary_search(cuts_.begin(), cuts_.end(), position);
  return is_cut && position <= end_ ? static_cast<int>(rank(position)) - 1 : -1;
}

Timeline::Iterator::Iterator(const Timeline& timeline)
    : timeline_(timeline), next_periodic_(timeline.rounds_.first) {
  find_end();
}

Timeline::Iterator& Timeline::Iterator::operator++() {
  const Rounds& rounds = timeline_.rounds_;
  const i64 now = step_.users_before = step_.users_after;
  if (next_cut_ < timeline_.cuts_.size() && timeline_.cuts_[next_cut_] == now) ++next_cut_;
  const bool is_learned = next_round_ < rounds.at.size() && rounds.at[next_round_] == now;
  const bool is_periodic = rounds.every > 0 && next_periodic_ == now;
  if (is_learned) ++next_round_;
  if (is_periodic) next_periodic_ += rounds.every;
  step_.begins_round = is_learned || is_periodic;
  ++step_.index;
  find_end();
  return *this;
}

void Timeline::Iterator::find_end() {
  if (next_cut_ >= timeline_.cuts_.size()) return;
  const auto& starts = timeline_.epoch_starts_;
  i64 end = timeline_.cuts_[next_cut_];
  if (timeline_.rounds_.every > 0) end = std::min(end, next_periodic_);
  step_.users_after = end;
  if (step_.users_before >= step_.round_end)
    step_.round_end = timeline_.first_round_after(step_.users_before + 1);
  while (static_cast<std::size_t>(step_.epoch) + 1 < starts.size() &&
         starts[static_cast<std::size_t>(step_.epoch) + 1] <= step_.users_before)
    ++step_.epoch;
  if (!timeline_.calendar_) return;
  const Calendar& calendar = *timeline_.calendar_;
  while (step_.day + 1 < calendar.total_days() && calendar.users_after(step_.day + 1) < end) ++step_.day;
}

}  // namespace windtunnel

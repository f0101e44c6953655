#include "windtunnel/engine/ranges.hpp"

#include <algorithm>
#include <stdexcept>

namespace windtunnel {

namespace {

bool by_first(const ReplicationRange& a, const ReplicationRange& b) {
  return a.first < b.first;
}

}  // namespace

bool RangeSet::overlaps(ReplicationRange range) const {
  if (range.count <= 0) return false;
  const auto next =
      std::upper_bound(ranges_.begin(), ranges_.end(), range, by_first);  // starts after range.first
  return (next != ranges_.end() && next->first < range.end()) ||
         (next != ranges_.begin() && range.first < std::prev(next)->end());
}

void RangeSet::add(ReplicationRange range) {
  if (range.count <= 0) return;
  if (overlaps(range)) throw std::logic_error("replications are counted twice");
  auto next = std::lower_bound(ranges_.begin(), ranges_.end(), range, by_first);
  if (next != ranges_.end() && range.end() == next->first) {
    range.count += next->count;
    next = ranges_.erase(next);
  }
  if (next != ranges_.begin() && std::prev(next)->end() == range.first)
    std::prev(next)->count += range.count;
  else
    ranges_.insert(next, range);
}

RangeSet RangeSet::missing_from(ReplicationRange whole) const {
  RangeSet missing;
  i64 from = whole.first;
  for (const ReplicationRange& r : ranges_) {
    const i64 until = std::min(r.first, whole.end());
    if (until > from) missing.add({from, until - from});
    from = std::max(from, r.end());
  }
  if (whole.end() > from) missing.add({from, whole.end() - from});
  return missing;
}

i64 RangeSet::count() const {
  i64 total = 0;
  for (const ReplicationRange& r : ranges_) total += r.count;
  return total;
}

ReplicationRange shard_range(i64 replications, int index, int shards) {
  const auto cut = [&](i64 i) { return static_cast<i64>(static_cast<i128>(replications) * i / shards); };
  return {cut(index - 1), cut(index) - cut(index - 1)};
}

}  // namespace windtunnel

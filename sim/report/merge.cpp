#include <fmt/format.h>

#include <algorithm>

#include "windtunnel/core/error.hpp"
#include "windtunnel/report/result_json.hpp"

namespace windtunnel {

namespace {

/// The first replications two sets share; none when count is 0.
ReplicationRange shared(const RangeSet& a, const RangeSet& b) {
  for (const ReplicationRange& x : a.ranges())
    for (const ReplicationRange& y : b.ranges()) {
      const i64 first = std::max(x.first, y.first), end = std::min(x.end(), y.end());
      if (first < end) return {first, end - first};
    }
  return {0, 0};
}

bool same_shape(const Progress& a, const Progress& b) {
  return std::equal(a.tallies.begin(), a.tallies.end(), b.tallies.begin(), b.tallies.end(),
                    [](const Tally& x, const Tally& y) { return x.slots.size() == y.slots.size(); });
}

/// Complains of what keeps `other` from being added to `one`.
void check_pair(const StoredResult& one, const StoredResult& other, std::vector<Problem>& problems) {
  if (one.hash != other.hash) {
    problems.push_back(
        {other.file, fmt::format("cannot be merged with {}: it belongs to another scenario or seed "
                                 "(hash {} instead of {})",
                                 one.file, other.hash, one.hash)});
    return;
  }
  if (!same_shape(one.progress, other.progress))
    problems.push_back(
        {other.file, fmt::format("cannot be merged with {}: its tallies have other sizes", one.file)});
  const ReplicationRange twice = shared(one.progress.done, other.progress.done);
  if (twice.count > 0)
    problems.push_back({other.file, fmt::format("cannot be merged with {}: both hold replications {} to {}",
                                                one.file, twice.first, twice.end() - 1)});
}

i64 first_of(const StoredResult& result) {
  return result.progress.done.ranges().empty() ? -1 : result.progress.done.ranges().front().first;
}

}  // namespace

StoredResult merge_results(std::vector<StoredResult> results) {
  std::vector<Problem> problems;
  for (std::size_t i = 1; i < results.size(); ++i) {
    const bool other_scenario = results[i].hash != results[0].hash;
    for (std::size_t j = 0; j < (other_scenario ? 1 : i); ++j)
      if (other_scenario || results[j].hash == results[0].hash) check_pair(results[j], results[i], problems);
  }
  if (!problems.empty()) throw InputError(std::move(problems));
  std::stable_sort(results.begin(), results.end(),
                   [](const StoredResult& a, const StoredResult& b) { return first_of(a) < first_of(b); });
  StoredResult merged = std::move(results.front());
  for (std::size_t i = 1; i < results.size(); ++i) merged.progress.add(results[i].progress);
  return merged;
}

}  // namespace windtunnel

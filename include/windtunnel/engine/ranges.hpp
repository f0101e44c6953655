#pragma once

#include <string>
#include <vector>

#include "windtunnel/core/types.hpp"

namespace windtunnel {

/// Replications first, first + 1, ... first + count - 1.
struct ReplicationRange {
  i64 first = 0, count = 0;

  i64 end() const { return first + count; }
  bool operator==(const ReplicationRange&) const = default;
};

/// A set of replications as disjoint ranges in increasing order, touching ones joined: one form for one set.
class RangeSet {
 public:
  RangeSet() = default;
  explicit RangeSet(ReplicationRange range) { add(range); }

  /// Adds a range; throws std::logic_error when it overlaps what is there.
  void add(ReplicationRange range);

  bool overlaps(ReplicationRange range) const;

  /// What of `whole` is not in the set.
  RangeSet missing_from(ReplicationRange whole) const;

  i64 count() const;
  const std::vector<ReplicationRange>& ranges() const { return ranges_; }
  bool operator==(const RangeSet&) const = default;

 private:
  std::vector<ReplicationRange> ranges_;
};

/// Shard `index` (1 ... shards) of `replications`: contiguous, disjoint, together everything.
ReplicationRange shard_range(i64 replications, int index, int shards);

}  // namespace windtunnel

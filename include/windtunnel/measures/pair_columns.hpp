#pragma once

#include <span>

#include "windtunnel/data/table.hpp"
#include "windtunnel/measures/lane_sums.hpp"

namespace windtunnel {

/// One rounded column of every strategy, any two of which can be compared lane by lane. Columns of 0 and 1,
/// as most are, are compared as bits, at a fraction of the price.
class PairColumns {
 public:
  /// Makes room for the columns of a block; none is set.
  void begin(int strategies, int lanes);

  /// Forgets all columns, as before those of another measure.
  void clear();

  /// Sets a strategy's column.
  ///   values  shape [lanes]
  ///   throws  OverflowError when one lies outside the grid, or is not a number
  void set(int strategy, std::span<const double> values, const Grid& grid);

  /// Sum and sum of squares of `strategy` minus `versus`, both set on the same grid.
  Moments difference(int strategy, int versus) const;

 private:
  Table<i64> steps_;  // [strategy][lane] in units of the grid
  Table<u64> bits_;   // [strategy][lane / 64] the same while all are 0 or 1
  i64 largest_ = 0;   // bound of all steps set
  bool are_bits_ = true;
};

}  // namespace windtunnel

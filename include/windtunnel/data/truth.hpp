#pragma once

#include "windtunnel/core/types.hpp"
#include "windtunnel/data/table.hpp"

namespace windtunnel {

/// What is true in every lane of a block. Only world, measures and engine may include this file.
/// Drawn afresh for every replication, or the same in all lanes (then `shared` and made once).
struct Truth {
  enum class Kind { shared, drawn };

  Kind kind = Kind::shared;
  int arms = 0, lanes = 0;
  int epochs = 0;
  Table<double> lasting;  ///< [lasting_row][lane] lasting effect against control
  Table<double> mean;     ///< [epoch * arms + arm][lane, or one when shared] population mean
  Table<double> levels;   ///< [level][lane, or one] baseline means as drawn; see world's Means
  Table<double> lifts;    ///< [term * arms + arm][lane, or one] lifts as drawn
  Table<double> gap;      ///< [epoch * arms + arm][lane, or one] best mean of the epoch minus the arm's, >= 0

  int row(int epoch, int arm) const { return epoch * arms + arm; }

  /// Row of an arm's lasting effect in a segment; -1: in the whole population, which comes first.
  int lasting_row(int segment, int arm) const { return (1 + segment) * arms + arm; }
};

}  // namespace windtunnel

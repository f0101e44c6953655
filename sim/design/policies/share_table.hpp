#pragma once

#include "chooser.hpp"

namespace windtunnel {

/// Chances of the arms in every lane, and arms drawn with them.
class ShareTable {
 public:
  ShareTable(int arms, int lanes) : chances_(arms, lanes, 1.0 / arms), uniform_(1, lanes) {}

  double* row(int arm) { return chances_.row(arm); }
  const double* row(int arm) const { return chances_.row(arm); }
  int arms() const { return chances_.rows(); }

  /// Makes chances of weights: every lane's are divided by their sum.
  void normalise();

  void choose(const ChoicePlace& place, i32* arm);
  void tell(Table<double>& chance) const;
  void choose_many(const ChoicePlace& place, i32 users, Table<i32>& counts) const;

 private:
  Table<double> chances_;  // [arm][lane]
  Table<double> uniform_;  // [0][lane]
};

}  // namespace windtunnel

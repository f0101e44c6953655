#pragma once

#include <map>
#include <string>
#include <vector>

#include "lint_promises.hpp"

namespace windtunnel {

/// Strategies that look at too few users for the skewness of the outcome, told once for the worst of all
/// cells, which differ in little else.
class SkewnessLint {
 public:
  /// Hears of one cell.
  ///   users  in the smallest arm at the first look
  void hear(const std::string& strategy, double skewness, double users);

  void tell(Findings& findings) const;

 private:
  struct Cell {
    double skewness, users, needed;
  };

  std::map<std::string, Cell> worst_;  // by strategy
  std::vector<std::string> order_;     // in which the strategies were first heard of
};

}  // namespace windtunnel

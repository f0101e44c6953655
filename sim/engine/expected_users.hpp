#pragma once

#include <vector>

#include "windtunnel/data/observed.hpp"
#include "windtunnel/data/timeline.hpp"

namespace windtunnel {

/// How many of the users who are seen a policy means every arm to have: by its planned shares or, where it
/// learns, by the chances with which it allocated them.
class ExpectedUsers {
 public:
  ///   planned  [arm] shares, sum 1; empty: chances are followed
  explicit ExpectedUsers(const std::vector<double>& planned) : planned_(planned) {}

  /// Starts a block.
  void begin(int arms, int lanes);

  /// Takes in with which chances the users of a step got the arms, [arm][lane].
  void follow(const Step& step, const Table<double>& chances);

  ///   expected  [arm][lane]
  void tell(const Observed& observed, Table<double>& expected) const;

 private:
  const std::vector<double>& planned_;
  Table<double>
      allocated_;     // [arm][lane] sum of the chances of all users so far, whether they are seen or not
  double users_ = 0;  // so far
};

}  // namespace windtunnel

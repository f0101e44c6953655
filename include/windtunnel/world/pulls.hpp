#pragma once

#include <vector>

#include "windtunnel/core/random.hpp"
#include "windtunnel/data/observed.hpp"

namespace windtunnel {

/// Outcomes of single users by pull, at work on one block: the j-th pull of an arm has one outcome, whoever
/// pulls it and whenever, so that policies which pull in another order can be compared pair by pair.
/// Private state, used by one thread.
class Pulls {
 public:
  virtual ~Pulls() = default;

  /// Means by arm: one for all lanes (stride 0), or one per lane (stride 1).
  struct ArmMeans {
    std::vector<const double*> arm;  ///< [arm] -> [lane * stride]
    int stride = 0;
    int epoch = -1;  ///< which set of means they are
  };

  /// Adds one user to every lane, counts it and tells the last totals.
  ///   arm    [lane]
  ///   means  those of the present epoch
  virtual void add(const i32* arm, const ArmMeans& means, Observed& observed) = 0;

  /// Told when users came in another way: the pulls that follow are counted from all users of the arm.
  virtual void interrupt() = 0;
};

/// Where the random numbers of a block's pulls lie: the words of pulls, or, for laws that need more than one
/// word, generators whose "replications" are pulls.
struct PullSource {
  const PullRandom* words;
  const Random *outcome, *spread, *company;  ///< as those of a BatchSource
  u64 first_replication;
};

}  // namespace windtunnel

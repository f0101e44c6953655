#pragma once

#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "support/slow_simulator.hpp"

namespace windtunnel {

/// A bandit world and a policy, one user at a time, in plain words: what policies are tested against. Shares
/// no code with the engine.
struct SlowBandit {
  std::string policy;
  std::map<std::string, double> parameters{};
  std::vector<double> means{};
  double sd = -1;        ///< normal outcomes with this standard deviation; below 0: outcomes of 0 and 1
  bool poisson = false;  ///< counts
  bool lower = false;    ///< less is better
  i64 users = 100;
  i64 round = 1;  ///< users of a round: all are allocated from what was known at its beginning
  double floor = 0;
  i64 burn_in = 0;  ///< users per arm
};

/// What came of it, over replications.
struct SlowBanditResult {
  SlowSample regret;
  std::vector<SlowSample> users;     ///< [arm] users at the end
  std::vector<SlowSample> arm_mean;  ///< [arm] mean outcome of its users, where it had any
  SlowSample correct;  ///< 1: the arm with the largest posterior (else observed) mean is the best
};

SlowBanditResult slow_bandits(const SlowBandit& bandit, i64 replications, unsigned seed);

}  // namespace windtunnel

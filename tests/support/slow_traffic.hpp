#pragma once

#include <random>
#include <vector>

#include "support/slow_simulator.hpp"

namespace windtunnel {

/// One user, with all that ever becomes known of it.
struct SlowUser {
  struct Visit {
    int known_on = 0;  ///< day
    double outcome = 0;
    std::vector<double> requests{};  ///< their outcomes, where a visit is more than one
    std::vector<double> metrics{};
  };

  int arm = 0, day = 0;  ///< assigned to, of exposure
  std::size_t kind = 0;
  bool is_seen = true;
  double covariate = 0;
  std::vector<Visit> visits{};  ///< the first is the exposure
};

/// Users that have come after some complete days.
i64 slow_users_after(const SlowWorld& world, int days);

/// Whether anybody comes for the first time on a day of the experiment.
bool slow_is_open(const SlowWorld& world, int day);

/// Mean of all users assigned to an arm on a day.
double slow_mean(const SlowWorld& world, const std::vector<double>& means, int arm, int day);

/// The users of one experiment, in the order they come.
std::vector<SlowUser> slow_users(const SlowWorld& world, const std::vector<double>& means,
                                 const std::vector<SlowStrategy>& strategies, std::mt19937_64& engine);

}  // namespace windtunnel

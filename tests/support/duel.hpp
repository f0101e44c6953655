#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "support/slow_simulator.hpp"

namespace windtunnel {

using SlowMeans = std::function<std::vector<double>(std::mt19937_64&)>;

/// The means of a world whose truth is not drawn.
SlowMeans always(std::vector<double> means);

/// The same scenario told twice: to windtunnel and to the slow simulator.
struct Duel {
  struct Team {
    std::string text;  ///< the inside of the strategy's object
    SlowStrategy slow;
  };

  std::string world;  ///< the inside of the object
  SlowWorld slow;
  std::map<std::string, SlowMeans> cells;  ///< "null", "effect" or "drawn"
  std::vector<Team> teams;
  i64 slow_replications = 8'000, fast_replications = 120'000;
};

/// Runs both and checks that every measure of every strategy in every cell agrees.
///   seed  of the slow simulator
void fight(const Duel& duel, unsigned seed = 1);

}  // namespace windtunnel

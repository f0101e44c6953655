#pragma once

#include <string>
#include <vector>

#include "windtunnel/core/json_document.hpp"
#include "windtunnel/engine/scenario.hpp"

/// What is true in a scenario, in words.
namespace windtunnel {

/// What a resolved scenario says that its compiled form has forgotten.
class ResolvedScenario {
 public:
  explicit ResolvedScenario(const Scenario& scenario);

  /// "world" or "strategies" at a grid point; an empty object when there is none.
  Json part(std::size_t grid, const std::string& key) const;

 private:
  Json json_;
};

/// Pieces of the sentence about the world that hold at every grid point:
/// "conversion 5 % → 5.75 % (+15 %)", "14 days × 2,000 users (1,000 per arm)".
std::vector<std::string> world_pieces(const Scenario& scenario);

/// "+15 %", "+0.5 points", "+10 %, +20 %"; empty when there are more than a reader takes in, none, or drawn
/// ones.
std::string effect_text(const Scenario& scenario, int grid);

/// "1 day", "14 days".
std::string days_text(i64 days);

/// "look: every day".
std::string looks_text(const Scenario& scenario);

/// What is lost when users are served a worse arm: "conversions", or "outcome" where it has no name.
std::string loss_noun(const Scenario& scenario);

/// An axis's value for people: strings without quotes, {"relative": 0.1} as "relative 0.1".
std::string coordinate_text(const std::string& json);

/// "days = 7, effect = 0.1"; empty without axes.
std::string place_text(const Scenario& scenario, int grid);

/// Lasting effects of the treatments [treatment], when they are the same in every replication; else empty.
std::vector<double> known_effects(const WorldSpec& world);

}  // namespace windtunnel

#pragma once

#include <fmt/format.h>

#include <string>

#include "windtunnel/core/types.hpp"

namespace windtunnel {

/// The scenario most known answers are about: one day of traffic, looks counted in users.
struct ScenarioText {
  i64 replications = 100'000;
  i64 users = 2000;  ///< over all arms
  std::string outcome = R"("normal", "mean": 0, "sd": 1)";
  std::string effect;  ///< such as R"({"absolute": 0.1})", or empty
  std::string arms = "2";
  std::string looks = R"({"equally_spaced": 1})";
  std::string strategies;  ///< the inside of the object

  std::string text() const {
    const std::string lift = effect.empty() ? "" : fmt::format(R"(, "effect": {})", effect);
    return fmt::format(
        R"({{"windtunnel": 1, "replications": {}, "world": {{"arms": {}, "traffic": {{"users_per_day": {}, "days": 1}},)"
        R"( "outcome": {{"type": {}}}{}}}, "defaults": {{"looks": {}}}, "strategies": {{{}}}}})",
        replications, arms, users, outcome, lift, looks, strategies);
  }
};

}  // namespace windtunnel

#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "windtunnel/engine/experiment.hpp"

namespace windtunnel {

/// Findings, each sentence once however many points of a sweep it is true of.
class Findings {
 public:
  explicit Findings(const std::vector<std::string>& allow) : allow_(allow) {}

  /// Whether the scenario allows what is found under an id, so that nobody need look for it.
  bool allows(const std::string& id) const {
    return std::find(allow_.begin(), allow_.end(), id) != allow_.end();
  }

  void add(const std::string& id, const std::string& sentence) {
    const std::string text = id + ": " + sentence;
    const bool is_known = std::find(texts_.begin(), texts_.end(), text) != texts_.end();
    if (!is_known && !allows(id)) texts_.push_back(text);
  }

  std::vector<std::string> texts() && { return std::move(texts_); }

 private:
  const std::vector<std::string>& allow_;
  std::vector<std::string> texts_;
};

/// What breaks a strategy's promise on false positives in a world, as far as the world's null twin shows it.
void lint_promise(const Strategy& strategy, const StrategyPlan& plan, const World& null_twin,
                  Findings& findings);

/// Quantiles of outcomes many of which are equal.
void lint_lumps(const Strategy& strategy, const Outcome& outcome, const Truth& truth, Findings& findings);

}  // namespace windtunnel

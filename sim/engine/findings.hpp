#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

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

/// Findings of one id in many cells that differ in little: of every strategy the worst is told, in the order
/// in which strategies were first heard of.
class WorstFindings {
 public:
  /// Hears of one cell.
  ///   badness  more is worse; of equals the first is told
  void hear(const std::string& strategy, double badness, std::string sentence) {
    const auto [place, is_new] = worst_.try_emplace(strategy, Finding{badness, sentence});
    if (is_new) order_.push_back(strategy);
    if (badness > place->second.badness) place->second = {badness, std::move(sentence)};
  }

  void tell(const std::string& id, Findings& findings) const {
    for (const std::string& strategy : order_) findings.add(id, worst_.at(strategy).sentence);
  }

 private:
  struct Finding {
    double badness;
    std::string sentence;
  };

  std::map<std::string, Finding> worst_;  // by strategy
  std::vector<std::string> order_;
};

}  // namespace windtunnel

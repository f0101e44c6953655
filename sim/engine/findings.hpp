#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace windtunnel {

/// What lints find, in the order in which it was first found in some cell.
class Findings {
 public:
  explicit Findings(const std::vector<std::string>& allow) : allow_(allow) {}

  /// Whether the scenario allows what is found under an id, so that nobody need look for it.
  bool allows(const std::string& id) const {
    return std::find(allow_.begin(), allow_.end(), id) != allow_.end();
  }

  /// A finding that is told once, however many cells it is true of.
  void add(const std::string& id, const std::string& sentence) { keep(id, sentence, 0, sentence); }

  /// A finding with a number that differs between cells: of every strategy the worst is told.
  ///   badness  more is worse; of equals the first is told
  void add_worst(const std::string& id, const std::string& strategy, double badness,
                 const std::string& sentence) {
    keep(id, strategy, badness, sentence);
  }

  std::vector<std::string> texts() && {
    std::vector<std::string> texts;
    for (Finding& finding : findings_) texts.push_back(std::move(finding.text));
    return texts;
  }

 private:
  struct Finding {
    std::string id, about;
    double badness;
    std::string text;
  };

  void keep(const std::string& id, const std::string& about, double badness, const std::string& sentence) {
    if (allows(id)) return;
    const auto found = std::find_if(findings_.begin(), findings_.end(), [&](const Finding& finding) {
      return finding.id == id && finding.about == about;
    });
    Finding finding{id, about, badness, id + ": " + sentence};
    if (found == findings_.end())
      findings_.push_back(std::move(finding));
    else if (badness > found->badness)
      *found = std::move(finding);
  }

  const std::vector<std::string>& allow_;
  std::vector<Finding> findings_;
};

}  // namespace windtunnel

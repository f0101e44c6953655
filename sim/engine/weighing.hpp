#pragma once

#include "windtunnel/engine/experiment.hpp"

namespace windtunnel {

/// One piece of evidence at work on one block: what is seen through its lenses, and what it comes to.
class Weighing {
 public:
  ///   direction  +1 higher is better, -1 lower is better
  Weighing(const StreamGroup::EvidencePlan& plan, double direction);

  /// Starts a block.
  void begin(int treatments, int lanes);

  /// Lets an analysis that follows the block see the step that has just passed.
  void follow(const Step& step, const Moment& moment, const Table<double>& chances, const Observed& observed);

  /// Weighs what is observed now.
  void weigh(const Observed& observed, const Moment& moment);

  const Evidence& evidence() const { return evidence_; }

  /// What was seen when it was weighed last; `observed` where it has not been.
  Sight sight(const Observed& observed) const {
    return pictures_.empty() ? Sight(observed) : Sight(pictures_);
  }

 private:
  const Evaluator& evaluator(int panel) const {
    return followers_.empty() ? *plan_.evaluator : *followers_[static_cast<std::size_t>(panel)];
  }
  const Observed& look_through(const Observed& observed, const Moment& moment, int panel);

  const StreamGroup::EvidencePlan& plan_;
  Evidence evidence_;
  Evidence of_panel_;                                  // of one of several panels
  std::vector<std::vector<Observed>> scratch_;         // [panel][lens]
  std::vector<std::unique_ptr<Evaluator>> followers_;  // [panel], or none
  std::vector<const Observed*> pictures_;              // [panel] what was seen last, or none
};

}  // namespace windtunnel

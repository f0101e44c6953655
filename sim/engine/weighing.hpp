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

  /// What was seen when it was weighed last: `observed` itself without lenses, or with several panels.
  const Observed& seen(const Observed& observed) const { return seen_ != nullptr ? *seen_ : observed; }

 private:
  const Evaluator& evaluator(int panel) const {
    return followers_.empty() ? *plan_.evaluator : *followers_[static_cast<std::size_t>(panel)];
  }
  const Observed& look_through(const Observed& observed, const Moment& moment, int panel);

  const StreamGroup::EvidencePlan& plan_;
  Evidence evidence_;
  Evidence of_panel_;                                  // of one of several panels
  std::vector<Observed> scratch_;                      // [lens]
  std::vector<std::unique_ptr<Evaluator>> followers_;  // [panel], or none
  const Observed* seen_ = nullptr;
};

}  // namespace windtunnel

#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "beliefs.hpp"
#include "windtunnel/design/beta_thresholds.hpp"
#include "windtunnel/design/interval.hpp"
#include "windtunnel/design/stopping_rule.hpp"

namespace windtunnel {

/// When an arm is called the best.
struct BestCriterion {
  double threshold;         ///< c: P(best) > c
  Alternative alternative;  ///< one_sided: control is never called
};

/// The rule `probability_best` at work. With tables, two arms that are split as planned cost two comparisons
/// a lane; everything else asks the posterior lane by lane.
template <class Belief>
class BestJudge final : public Judge {
 public:
  ///   interval  of what is no difference of means; nullptr: it is one
  BestJudge(const Belief& belief, const BestCriterion& criterion, std::span<const BetaThresholds> tables,
            int arms, const DefaultInterval* interval);

  void look(int k, const Evidence& evidence, const Sight& sight, Calls& calls) override;

  /// The estimate, with a 95 % interval for the difference of the posterior means: a normal approximation
  /// with the posterior's exact mean and standard deviation. Of another estimand, the default interval.
  void report(int k, const Evidence& evidence, const Sight& sight, const EndedLanes& ended,
              const i32* hypothesis, Table<double>& estimates) const override;

 private:
  bool is_tabulated(int k, const Observed& seen) const;
  void judge_lane(int lane, int first, const Evidence& evidence, const Observed& seen, Calls& calls);
  int best_arm();
  std::optional<int> settle_by_comparisons();

  const Belief& belief_;
  const BestCriterion& criterion_;
  std::span<const BetaThresholds> tables_;  // [look], or empty
  const DefaultInterval* interval_;
  // Of the present lane, [arm]:
  std::vector<typename Belief::Posterior> posteriors_;
  std::vector<double> probabilities_, means_;
  std::vector<std::size_t> order_;  // by posterior mean, the leader first
};

template <class Belief>
class BestPlan final : public RulePlan {
 public:
  BestPlan(const Belief& belief, const BestCriterion& criterion, const Setting& setting,
           std::vector<BetaThresholds> tables = {})
      : belief_(belief), criterion_(criterion), arms_(setting.arms), tables_(std::move(tables)) {
    constexpr double kAlpha = 0.05;  // that of rules without one
    if (setting.estimand.kind != Estimand::Kind::means) interval_.emplace(kAlpha, setting);
  }

  std::unique_ptr<Judge> open(int) const override {
    return std::make_unique<BestJudge<Belief>>(belief_, criterion_, tables_, arms_,
                                               interval_ ? &*interval_ : nullptr);
  }
  bool looks_at(int) const override { return true; }
  double work() const override { return 150; }

 private:
  Belief belief_;
  BestCriterion criterion_;
  int arms_;
  std::vector<BetaThresholds> tables_;  // [look], or empty
  std::optional<DefaultInterval> interval_;
};

extern template class BestJudge<BetaBelief>;
extern template class BestJudge<NormalBelief>;

}  // namespace windtunnel
